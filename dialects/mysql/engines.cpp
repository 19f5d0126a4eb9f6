#include "engines.hpp"

#include <algorithm>

#include "script_syntax.hpp"
#include "statement_words.hpp"
#include "toolkit/script.hpp"

namespace toolkit::mysql {

namespace {

std::string name_of(const Token& token, std::string_view code) {
  const std::string_view text = code.substr(token.begin, token.end - token.begin);
  if (token.kind != TokenKind::quoted_identifier || text.size() < 2) {
    return upper_case(text);
  }
  const char quote = text.front();
  std::string name;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    name.push_back(text[i]);
    i += text[i] == quote ? 1 : 0;
  }
  return upper_case(name);
}

}  // namespace

std::vector<PlainTable> tables_without_transactions(Session& session) {
  std::vector<PlainTable> tables;
  for (const auto& row :
       session.query("SELECT t.table_schema, t.table_name FROM information_schema.tables t "
                     "JOIN information_schema.engines e ON e.engine = t.engine "
                     "WHERE e.transactions <> 'YES' AND t.table_type = 'BASE TABLE' AND t.table_schema "
                     "NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')",
                     {}, 2)) {
    tables.push_back({row.at(0).value_or(""), row.at(1).value_or("")});
  }
  return tables;
}

Names names_in(std::string_view code, bool is_mariadb, std::string_view sql_mode) {
  Names names;
  for (const Token& token : tokenize(code, script_syntax(is_mariadb ? "mariadb" : "mysql", sql_mode))) {
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_identifier) {
      continue;
    }
    names.insert(name_of(token, code));
  }
  return names;
}

std::optional<PlainTable> named_table(const Names& names, const std::vector<PlainTable>& tables,
                                      const std::string& default_schema) {
  const std::string at_home = upper_case(default_schema);
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const PlainTable& table) {
    const std::string schema = upper_case(table.schema);
    return names.contains(upper_case(table.name)) && (schema == at_home || names.contains(schema));
  });
  return found == tables.end() ? std::nullopt : std::optional(*found);
}

}  // namespace toolkit::mysql
