#include "alter_clause.hpp"

namespace toolkit::mysql {

namespace {

std::string column(std::string_view name) { return "column " + upper_case(name); }
std::string key(std::string_view name) { return "key " + upper_case(name); }
std::string partition(std::string_view name) { return "partition " + upper_case(name); }

ClauseEffects unknown() {
  ClauseEffects effects;
  effects.is_unknown = true;
  return effects;
}

// ADD (a int, b int): a list of columns, and of keys too.
ClauseEffects add_columns(StatementReader& reader) {
  ClauseEffects effects;
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

ClauseEffects add_key(StatementReader& reader) {
  ClauseEffects effects;
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
ClauseEffects add_partitions(StatementReader& reader) {
  ClauseEffects effects;
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

ClauseEffects add_clause(StatementReader& reader) {
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
  ClauseEffects effects;
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

ClauseEffects drop_clause(StatementReader& reader) {
  ClauseEffects effects;
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

ClauseEffects renamed(const std::string& from, const std::string& to) {
  ClauseEffects effects;
  if (from != to) {
    effects.removed.insert(from);
    effects.added.insert(to);
  }
  return effects;
}

ClauseEffects rename_clause(StatementReader& reader) {
  const bool is_column = reader.take({"COLUMN"});
  if (is_column || reader.take_any({"INDEX", "KEY"})) {
    const bool if_exists = reader.take({"IF", "EXISTS"});
    const auto from = reader.take_plain_name();
    const auto to = from && reader.take({"TO"}) ? reader.take_plain_name() : std::nullopt;
    if (!to) {
      return unknown();
    }
    return if_exists   ? ClauseEffects{}
           : is_column ? renamed(column(*from), column(*to))
                       : renamed(key(*from), key(*to));
  }
  reader.take_any({"TO", "AS", "="});
  ClauseEffects effects;
  effects.new_name = reader.take_name();
  effects.is_unknown = !effects.new_name;
  return effects;
}

ClauseEffects change_clause(StatementReader& reader) {
  reader.take({"COLUMN"});
  if (reader.take({"IF", "EXISTS"})) {
    return {};
  }
  const auto from = reader.take_plain_name();
  const auto to = from ? reader.take_plain_name() : std::nullopt;
  return to ? renamed(column(*from), column(*to)) : unknown();
}

// REORGANIZE PARTITION a, b INTO (PARTITION b …, PARTITION c …): only the same names can be there again.
ClauseEffects reorganize_clause(StatementReader& reader) {
  ClauseEffects effects;
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

}  // namespace

ClauseEffects effects_of(StatementReader clause) {
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
  ClauseEffects effects;
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

}  // namespace toolkit::mysql
