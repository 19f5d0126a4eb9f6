#include "engines.hpp"

#include <algorithm>
#include <cctype>

#include "script_syntax.hpp"
#include "toolkit/script.hpp"

namespace toolkit::mysql {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string name_of(const Token& token, std::string_view statement) {
  std::string text(statement.substr(token.begin, token.end - token.begin));
  if (token.kind == TokenKind::quoted_identifier && text.size() >= 2) {
    text = text.substr(1, text.size() - 2);
    for (std::size_t at = text.find("``"); at != std::string::npos; at = text.find("``", at + 1)) {
      text.erase(at, 1);
    }
  }
  return lower(text);
}

}  // namespace

std::vector<std::string> tables_without_transactions(Session& session) {
  std::vector<std::string> tables;
  for (const auto& row :
       session.query("SELECT t.table_name FROM information_schema.tables t JOIN information_schema.engines e "
                     "ON e.engine = t.engine WHERE e.transactions <> 'YES' AND t.table_type = 'BASE TABLE' "
                     "AND t.table_schema "
                     "NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')",
                     {}, 1)) {
    tables.push_back(row.at(0).value_or(""));
  }
  return tables;
}

std::string named_table(std::string_view statement, const std::vector<std::string>& tables) {
  for (const Token& token : tokenize(statement, script_syntax("mariadb", ""))) {
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_identifier) {
      continue;
    }
    const std::string name = name_of(token, statement);
    const auto found =
        std::find_if(tables.begin(), tables.end(), [&](const auto& table) { return lower(table) == name; });
    if (found != tables.end()) {
      return *found;
    }
  }
  return {};
}

}  // namespace toolkit::mysql
