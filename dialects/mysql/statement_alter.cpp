#include <algorithm>
#include <array>
#include <set>

#include "statement_parts.hpp"

namespace toolkit::mysql {

namespace {

using Class = StatementClass;

// What one clause does to the names of a table, and whether a second run of it would be refused.
struct Effects {
  std::set<std::string> added;  ///< "column c", "key i", "partition p": upper case
  std::set<std::string> removed;
  bool is_refused_again = false;  ///< for a reason other than those names
  bool adds_again = false;        ///< without a name: a second run makes a second one
  bool is_unknown = false;
  std::optional<WrittenName> new_name;
};

std::string column(std::string_view name) { return "column " + upper_case(name); }
std::string key(std::string_view name) { return "key " + upper_case(name); }
std::string partition(std::string_view name) { return "partition " + upper_case(name); }

Effects unknown() {
  Effects effects;
  effects.is_unknown = true;
  return effects;
}

// ADD (a int, b int): a list of columns, and of keys too.
Effects add_columns(StatementReader& reader) {
  Effects effects;
  std::vector<StatementWord> words = reader.rest();
  words = {words.begin() + 1, words.empty() ? words.end() : words.end() - 1};
  for (StatementReader& each : StatementReader(std::move(words)).clauses()) {
    if (each.is_any({"INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL", "CONSTRAINT", "CHECK", "FOREIGN",
                     "PRIMARY", "PERIOD"})) {
      return unknown();
    }
    if (const auto name = each.take_plain_name()) {
      effects.added.insert(column(*name));
    }
  }
  return effects;
}

// The name of an index stands before its columns; USING BTREE may stand there too.
std::optional<std::string> index_name(StatementReader& reader) {
  return reader.is_any({"USING", "TYPE"}) ? std::nullopt : reader.take_plain_name();
}

Effects add_key(StatementReader& reader) {
  Effects effects;
  std::optional<std::string> name;
  if (reader.take({"CONSTRAINT"})) {
    if (reader.take({"IF", "NOT", "EXISTS"})) {
      return effects;
    }
    const bool has_name = !reader.is_any({"PRIMARY", "UNIQUE", "FOREIGN", "CHECK"});
    name = has_name ? reader.take_plain_name() : std::nullopt;
    if (reader.take({"IF", "NOT", "EXISTS"})) {
      return effects;
    }
  }
  if (reader.take({"PRIMARY", "KEY"})) {
    effects.added.insert(key("PRIMARY"));
    return effects;
  }
  const bool names_itself = !reader.is_any({"FOREIGN", "CHECK"});  // a foreign key's second name is ignored
  reader.take({"FOREIGN", "KEY"});
  reader.take_any({"UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR", "CHECK"});
  reader.take_any({"INDEX", "KEY"});
  if (reader.take({"IF", "NOT", "EXISTS"})) {
    return effects;
  }
  const std::optional<std::string> second = names_itself ? index_name(reader) : std::nullopt;
  name = second ? second : name;
  effects.adds_again = !name;
  if (name) {
    effects.added.insert(key(*name));
  }
  return effects;
}

// ADD PARTITION (PARTITION p …, PARTITION q …); PARTITIONS n adds n more each time.
Effects add_partitions(StatementReader& reader) {
  Effects effects;
  reader.take_any({"NO_WRITE_TO_BINLOG", "LOCAL"});
  if (reader.take({"IF", "NOT", "EXISTS"})) {
    return effects;
  }
  effects.adds_again = reader.peek() != "(";
  for (const StatementWord& word : reader.rest()) {
    if (word.upper == "PARTITION") {
      effects.is_refused_again = true;  // 1517: a second one of that name
    }
  }
  return effects;
}

Effects add_clause(StatementReader& reader) {
  if (reader.take({"PARTITION"})) {
    return add_partitions(reader);
  }
  if (reader.is_any({"INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR", "CONSTRAINT", "CHECK",
                     "FOREIGN", "PRIMARY"})) {
    return add_key(reader);
  }
  if (reader.is_any({"PERIOD", "SYSTEM"})) {
    return unknown();
  }
  reader.take({"COLUMN"});
  Effects effects;
  if (reader.take({"IF", "NOT", "EXISTS"})) {
    return effects;
  }
  if (reader.peek() == "(") {
    return add_columns(reader);
  }
  if (const auto name = reader.take_plain_name()) {
    effects.added.insert(column(*name));
    return effects;
  }
  return unknown();
}

Effects drop_clause(StatementReader& reader) {
  Effects effects;
  if (reader.take({"PRIMARY", "KEY"})) {
    effects.removed.insert(key("PRIMARY"));
    return effects;
  }
  if (reader.take({"PARTITION"})) {
    effects.is_refused_again = !reader.take({"IF", "EXISTS"});
    return effects;
  }
  if (reader.is_any({"PERIOD", "SYSTEM"})) {
    return unknown();
  }
  const bool is_key =
      reader.take_any({"INDEX", "KEY", "CONSTRAINT", "CHECK"}) || reader.take({"FOREIGN", "KEY"});
  reader.take({"COLUMN"});
  if (reader.take({"IF", "EXISTS"})) {
    return effects;
  }
  if (const auto name = reader.take_plain_name()) {
    effects.removed.insert(is_key ? key(*name) : column(*name));
    return effects;
  }
  return unknown();
}

Effects renamed(const std::string& from, const std::string& to) {
  Effects effects;
  if (from != to) {
    effects.removed.insert(from);
    effects.added.insert(to);
  }
  return effects;
}

Effects rename_clause(StatementReader& reader) {
  const bool is_column = reader.take({"COLUMN"});
  if (is_column || reader.take_any({"INDEX", "KEY"})) {
    const bool if_exists = reader.take({"IF", "EXISTS"});
    const auto from = reader.take_plain_name();
    const auto to = from && reader.take({"TO"}) ? reader.take_plain_name() : std::nullopt;
    if (!to) {
      return unknown();
    }
    return if_exists   ? Effects{}
           : is_column ? renamed(column(*from), column(*to))
                       : renamed(key(*from), key(*to));
  }
  reader.take_any({"TO", "AS", "="});
  Effects effects;
  effects.new_name = reader.take_name();
  effects.is_unknown = !effects.new_name;
  return effects;
}

Effects change_clause(StatementReader& reader) {
  reader.take({"COLUMN"});
  if (reader.take({"IF", "EXISTS"})) {
    return {};
  }
  const auto from = reader.take_plain_name();
  const auto to = from ? reader.take_plain_name() : std::nullopt;
  return to ? renamed(column(*from), column(*to)) : unknown();
}

// REORGANIZE PARTITION a, b INTO (PARTITION b …, PARTITION c …): only the same names can be there again.
Effects reorganize_clause(StatementReader& reader) {
  Effects effects;
  std::set<std::string> sources;
  std::set<std::string> targets;
  if (!reader.take({"PARTITION"})) {
    return unknown();
  }
  while (const auto name = reader.is_any({"INTO"}) ? std::nullopt : reader.take_plain_name()) {
    sources.insert(partition(*name));
    reader.take({","});
  }
  std::vector<StatementWord> words = reader.rest();
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i - 1].upper == "PARTITION") {
      targets.insert(partition(words[i].name));
    }
  }
  effects.is_refused_again = sources != targets;
  return effects;
}

// Words with which a clause begins that sets what it sets, however often.
bool sets_the_same(const StatementReader& reader) {
  static const std::set<std::string_view> words = {"MODIFY",
                                                   "ALTER",
                                                   "ENABLE",
                                                   "DISABLE",
                                                   "FORCE",
                                                   "ENGINE",
                                                   "ORDER",
                                                   "CONVERT",
                                                   "DEFAULT",
                                                   "CHARACTER",
                                                   "CHARSET",
                                                   "COLLATE",
                                                   "COMMENT",
                                                   "AUTO_INCREMENT",
                                                   "ALGORITHM",
                                                   "LOCK",
                                                   "ROW_FORMAT",
                                                   "KEY_BLOCK_SIZE",
                                                   "STATS_PERSISTENT",
                                                   "STATS_AUTO_RECALC",
                                                   "STATS_SAMPLE_PAGES",
                                                   "PAGE_COMPRESSED",
                                                   "PAGE_COMPRESSION_LEVEL",
                                                   "ENCRYPTION",
                                                   "ENCRYPTED",
                                                   "ENCRYPTION_KEY_ID",
                                                   "MAX_ROWS",
                                                   "MIN_ROWS",
                                                   "AVG_ROW_LENGTH",
                                                   "CHECKSUM",
                                                   "DELAY_KEY_WRITE",
                                                   "PACK_KEYS",
                                                   "COMPRESSION",
                                                   "AUTOEXTEND_SIZE",
                                                   "ENGINE_ATTRIBUTE",
                                                   "TRANSACTIONAL",
                                                   "PAGE_CHECKSUM",
                                                   "INSERT_METHOD",
                                                   "UNION",
                                                   "CONNECTION",
                                                   "REBUILD",
                                                   "OPTIMIZE",
                                                   "ANALYZE",
                                                   "CHECK",
                                                   "REPAIR",
                                                   "PARTITION",
                                                   "WITHOUT",
                                                   "WITH",
                                                   "NOWAIT",
                                                   "WAIT"};
  return words.contains(reader.peek());
}

Effects effects_of(StatementReader clause) {
  if (clause.take({"ADD"})) {
    return add_clause(clause);
  }
  if (clause.take({"DROP"})) {
    return drop_clause(clause);
  }
  if (clause.take({"RENAME"})) {
    return rename_clause(clause);
  }
  if (clause.take({"CHANGE"})) {
    return change_clause(clause);
  }
  if (clause.take({"REORGANIZE"})) {
    return reorganize_clause(clause);
  }
  Effects effects;
  if (clause.take({"COALESCE", "PARTITION"})) {
    effects.adds_again = true;
  } else if (clause.take({"REMOVE", "PARTITIONING"})) {
    effects.is_refused_again = true;
  } else if (clause.is_any({"CONVERT"})) {
    clause.skip();
    const bool moves = clause.is_any({"TABLE", "PARTITION"});  // MariaDB 11.4
    effects.is_refused_again = moves;
  } else {
    effects.is_unknown = !sets_the_same(clause);
  }
  return effects;
}

void add_all(Effects& sum, Effects each) {
  sum.added.merge(each.added);
  sum.removed.merge(each.removed);
  sum.is_refused_again = sum.is_refused_again || each.is_refused_again;
  sum.adds_again = sum.adds_again || each.adds_again;
  sum.is_unknown = sum.is_unknown || each.is_unknown;
  sum.new_name = each.new_name ? std::move(each.new_name) : std::move(sum.new_name);
}

// DROP COLUMN c, ADD COLUMN c: the second run is not refused and takes what the new column has got since.
// The same with a key builds the same key again; exchanged names are exchanged back.
Class class_of(const Effects& effects, std::size_t clauses) {
  bool refused = effects.is_refused_again || (effects.new_name && clauses > 1);
  bool loses = false;
  bool exchanges = false;
  for (const std::string& name : effects.added) {
    const bool is_back = effects.removed.contains(name);
    refused = refused || !is_back;
    loses = loses || (is_back && name.starts_with("column "));
  }
  for (const std::string& name : effects.removed) {
    refused = refused || !effects.added.contains(name);
  }
  exchanges = loses && effects.added == effects.removed && effects.added.size() > 1;
  return refused              ? Class::self_detecting
         : effects.is_unknown ? Class::opaque
         : exchanges          ? Class::unnamed
         : loses              ? Class::opaque
         : effects.adds_again ? Class::unnamed
                              : Class::repeatable;
}

// EXCHANGE PARTITION p WITH TABLE s, TRUNCATE PARTITION p, DISCARD and IMPORT stand alone.
std::optional<StatementForm> single_form(StatementReader clause, const ObjectName& table) {
  StatementForm form = plain_form(Class::opaque);
  form.keeps_tag = true;
  if (clause.take({"EXCHANGE", "PARTITION"})) {
    const auto name = clause.take_plain_name();
    const auto other = clause.take({"WITH", "TABLE"}) ? clause.take_name() : std::nullopt;
    if (name && other) {
      form.statement_class = Class::exchange_partition;
      form.objects = {{ObjectKind::table, table.schema, table.name, *name},
                      {ObjectKind::table, other->schema, other->name, ""}};
    }
    return form;
  }
  if (clause.take({"TRUNCATE", "PARTITION"})) {
    form.objects = {table};
    const auto name = clause.take_plain_name();
    if (name && clause.at_end() && !same_name(*name, "ALL")) {
      form.statement_class = Class::truncate;
      form.objects = {{ObjectKind::table, table.schema, table.name, *name}};
    }
    return form;
  }
  if (clause.is_any({"DISCARD", "IMPORT"})) {
    form.objects = {table};
    return form;
  }
  return std::nullopt;
}

// Only what the statement does can be done already: 1054 for a column that it renames, not for one after
// which it would add another.
std::vector<unsigned> done_codes(const Effects& effects) {
  std::vector<unsigned> codes;
  if (!effects.added.empty() || effects.is_refused_again) {
    codes = exists_codes();
  }
  if (!effects.removed.empty() || effects.is_refused_again) {
    const std::vector<unsigned> absent = absent_codes();
    codes.insert(codes.end(), absent.begin(), absent.end());
  }
  if (!effects.removed.empty() && !effects.added.empty()) {
    codes.push_back(1054);
  }
  if (effects.new_name) {
    codes.push_back(1146);
  }
  return codes;
}

}  // namespace

StatementForm alter_table_form(const StatementReader& reader, const ObjectName& table) {
  const std::vector<StatementReader> clauses = reader.clauses();
  if (!clauses.empty()) {
    if (auto form = single_form(clauses.front(), table)) {
      return std::move(*form);
    }
  }
  Effects sum;
  if (reader.peek(1) == "PARTITION") {  // stands alone, and has commas of its own
    add_all(sum, effects_of(reader));
  } else {
    for (const StatementReader& clause : clauses) {
      add_all(sum, effects_of(clause));
    }
  }
  StatementForm form = plain_form(class_of(sum, clauses.size()));
  form.keeps_tag = true;
  form.objects = {table};
  form.done_codes = done_codes(sum);
  if (sum.new_name) {
    form.objects.push_back({ObjectKind::table, sum.new_name->schema, sum.new_name->name, ""});
    if (clauses.size() == 1) {
      form.statement_class = StatementClass::rename_table;
      form.renames = {{0, 1}};
    }
  }
  return form;
}

}  // namespace toolkit::mysql
