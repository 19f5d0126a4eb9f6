#include "statement_class.hpp"

#include <algorithm>
#include <array>

#include "statement_parts.hpp"
#include "statement_traits.hpp"

namespace toolkit::mysql {

namespace {

using Class = StatementClass;
using Kind = ObjectKind;

// A read is repeatable when it calls nothing: a function may do anything.
bool reads_only(const StatementReader& reader) {
  const std::vector<StatementWord> words = reader.rest();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_call =
        words[i].upper == "(" && i > 0 &&
        (words[i - 1].kind == TokenKind::word || words[i - 1].kind == TokenKind::quoted_identifier) &&
        words[i - 1].upper != "IN" && words[i - 1].upper != "FROM" && words[i - 1].upper != "AS" &&
        words[i - 1].upper != "EXISTS";
    if (is_call || words[i].upper == "INTO" || words[i].upper == ":") {
      return false;
    }
  }
  return true;
}

StatementForm set_form(StatementReader& reader) {
  if (reader.is_any({"PASSWORD", "DEFAULT"})) {
    return plain_form(Class::repeatable);
  }
  // The session's own settings went with it.
  for (const StatementWord& word : reader.rest()) {
    if (word.upper == "GLOBAL" || word.upper == "PERSIST" || word.upper == "PERSIST_ONLY" ||
        word.upper == "STATEMENT" || word.upper == "(") {
      return {};
    }
  }
  return plain_form(Class::repeatable);
}

StatementForm admin_form(StatementReader& reader) {
  if (reader.take_any({"ANALYZE", "OPTIMIZE", "CHECK", "CHECKSUM", "REPAIR"})) {
    reader.take_any({"NO_WRITE_TO_BINLOG", "LOCAL"});
    // MariaDB's ANALYZE UPDATE … runs the update.
    return plain_form(reader.is_any({"TABLE", "TABLES", "VIEW"}) ? Class::repeatable : Class::opaque);
  }
  if (reader.is_any({"GRANT", "FLUSH", "SHOW", "DESCRIBE", "DESC", "HELP"})) {
    return plain_form(Class::repeatable);
  }
  if (reader.take({"REVOKE"})) {
    return reader.take({"IF", "EXISTS"}) ? plain_form(Class::repeatable)
                                         : form_by_answer({1141, 1147, 1269, 1403, 3619});
  }
  if (reader.is_any({"SELECT", "VALUES", "TABLE"})) {
    return plain_form(reads_only(reader) ? Class::repeatable : Class::opaque);
  }
  return {};
}

}  // namespace

std::vector<unsigned> exists_codes() {
  return {1007, 1022, 1050, 1060, 1061, 1068, 1304, 1359, 1517, 1537, 1826, 3822};
}

std::vector<unsigned> absent_codes() {
  return {1008, 1051, 1091, 1176, 1305, 1360, 1505, 1507, 1508, 1539, 3821, 3940, 4091, 4092};
}

bool needs_tag(const StatementForm& form) {
  static constexpr std::array by_tag = {Class::rename_table, Class::exchange_partition, Class::truncate,
                                        Class::unnamed,      Class::replace_table,      Class::opaque};
  return form.keeps_tag && std::find(by_tag.begin(), by_tag.end(), form.statement_class) != by_tag.end();
}

bool needs_identity(const StatementForm& form) {
  static constexpr std::array by_identity = {Class::rename_table, Class::exchange_partition, Class::truncate,
                                             Class::drop_list, Class::replace_table};
  const bool has_table = std::any_of(form.objects.begin(), form.objects.end(),
                                     [](const ObjectName& object) { return object.kind == Kind::table; });
  return has_table && form.drop_words != "DROP VIEW" &&
         std::find(by_identity.begin(), by_identity.end(), form.statement_class) != by_identity.end();
}

StatementForm statement_form(std::string_view statement) {
  if (statement_traits(statement).is_row_change) {
    return plain_form(Class::row_change);
  }
  StatementReader reader(statement);
  if (reader.at_end()) {
    return plain_form(Class::repeatable);  // all of it is a comment on this server
  }
  if (reader.take({"CREATE"})) {
    return create_form(reader);
  }
  if (reader.take({"ALTER"})) {
    return alter_form(reader);
  }
  if (reader.take({"DROP"})) {
    return drop_form(reader);
  }
  if (reader.take({"RENAME"})) {
    return rename_form(reader);
  }
  if (reader.take({"SET"})) {
    return set_form(reader);
  }
  if (reader.take({"TRUNCATE"})) {
    reader.take({"TABLE"});
    std::optional<WrittenName> name = reader.take_name();
    return name ? form_of_object(Class::truncate, Kind::table, std::move(*name), true) : StatementForm{};
  }
  return admin_form(reader);
}

std::string_view to_string(StatementClass statement_class) {
  static constexpr std::array<std::string_view, 10> words = {
      "repeatable", "self-detecting", "drop-list",     "rename-table", "exchange-partition",
      "truncate",   "unnamed",        "replace-table", "row-change",   "opaque"};
  return words.at(static_cast<std::size_t>(statement_class));
}

std::string_view to_string(ObjectKind kind) {
  static constexpr std::array<std::string_view, 7> words = {"table", "procedure", "function", "trigger",
                                                            "event", "database",  "user"};
  return words.at(static_cast<std::size_t>(kind));
}

}  // namespace toolkit::mysql
