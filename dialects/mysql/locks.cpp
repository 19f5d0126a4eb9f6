#include "locks.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace toolkit::mysql {

namespace {

struct Way {
  std::string_view algorithm;
  std::string_view lock;
};

// The order in which a server chooses. INSTANT takes no LOCK clause on MySQL.
constexpr std::array<Way, 5> mysql_ways = {
    {{"INSTANT", ""}, {"INPLACE", "NONE"}, {"INPLACE", "SHARED"}, {"COPY", "SHARED"}, {"COPY", "EXCLUSIVE"}}};
constexpr std::array<Way, 8> mariadb_ways = {{{"INSTANT", ""},
                                              {"NOCOPY", "NONE"},
                                              {"NOCOPY", "SHARED"},
                                              {"INPLACE", "NONE"},
                                              {"INPLACE", "SHARED"},
                                              {"COPY", "NONE"},
                                              {"COPY", "SHARED"},
                                              {"COPY", "EXCLUSIVE"}}};

/// Where the clauses go: behind the table's name, or at the end.
struct Place {
  std::size_t offset = 0;
  bool is_list = false;  ///< ALTER TABLE: one of its clauses, followed by a comma
};

std::optional<Place> place_for_clauses(std::string_view statement, const ScriptSyntax& syntax) {
  std::vector<Token> tokens;
  std::vector<std::string> words;
  for (const Token& token : tokenize(statement, syntax)) {
    if (token.kind != TokenKind::comment && token.kind != TokenKind::space) {
      tokens.push_back(token);
      words.push_back(upper_case(statement.substr(token.begin, token.end - token.begin)));
    }
  }
  const auto has = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (words.size() < 4 || has("ALGORITHM") || has("LOCK")) {
    return std::nullopt;
  }
  const auto index = std::find(words.begin(), words.begin() + 4, "INDEX");
  if ((words[0] == "CREATE" || words[0] == "DROP") && index != words.begin() + 4) {
    return Place{statement.size(), false};
  }
  if (words[0] != "ALTER") {
    return std::nullopt;
  }
  std::size_t at = 1;
  while (at < words.size() && (words[at] == "ONLINE" || words[at] == "IGNORE")) {
    ++at;
  }
  if (at >= words.size() || words[at] != "TABLE") {
    return std::nullopt;
  }
  at += at + 2 < words.size() && words[at + 1] == "IF" ? 3 : 1;  // IF EXISTS
  at += at + 1 < words.size() && words[at + 1] == "." ? 2 : 0;
  return at + 1 < words.size() ? std::optional(Place{tokens[at].end, true}) : std::nullopt;
}

std::string with_clauses(std::string_view statement, const Place& place, const Way& way) {
  std::string clauses = " ALGORITHM=" + std::string(way.algorithm);
  const std::string between = place.is_list ? ", " : " ";
  clauses += way.lock.empty() ? "" : between + "LOCK=" + std::string(way.lock);
  clauses += place.is_list ? "," : "";
  return std::string(statement.substr(0, place.offset)) + clauses +
         std::string(statement.substr(place.offset));
}

}  // namespace

std::vector<LockAttempt> lock_attempts(std::string_view statement, const ScriptSyntax& syntax,
                                       bool is_mariadb) {
  const std::optional<Place> place = place_for_clauses(statement, syntax);
  std::vector<LockAttempt> attempts;
  const auto add = [&](const Way& way) {
    attempts.push_back({with_clauses(statement, *place, way), std::string(way.algorithm),
                        way.lock.empty() ? "NONE" : std::string(way.lock)});
  };
  if (place && is_mariadb) {
    std::for_each(mariadb_ways.begin(), mariadb_ways.end(), add);
  } else if (place) {
    std::for_each(mysql_ways.begin(), mysql_ways.end(), add);
  }
  return attempts;
}

bool is_no_way(std::string_view native_code) {
  return native_code == "1845" || native_code == "1846" || native_code == "1064";
}

ObjectName locked_table(std::string_view statement) {
  StatementReader reader(statement);
  ObjectName table;
  const auto take = [&] {
    reader.take({"IF", "EXISTS"});
    if (const auto name = reader.take_name()) {
      table.schema = name->schema;
      table.name = name->name;
    }
  };
  if (reader.take({"ALTER"})) {
    reader.take_any({"ONLINE", "IGNORE"});
    if (reader.take({"TABLE"})) {
      take();
    }
  } else if (reader.take_any({"TRUNCATE", "RENAME"}) || reader.take({"DROP", "TABLE"})) {
    reader.take_any({"TABLE", "TABLES"});
    take();
  } else if (reader.is_any({"CREATE", "DROP"})) {
    const bool has_table = reader.skip_to({"INDEX", "TRIGGER"}) && reader.skip_to({"ON"});
    if (has_table) {
      reader.skip();
      take();
    }
  } else if (reader.take({"UPDATE"}) || reader.take_any({"INSERT", "REPLACE", "DELETE"})) {
    while (reader.take_any({"LOW_PRIORITY", "IGNORE", "QUICK", "DELAYED", "HIGH_PRIORITY", "INTO", "FROM"})) {
    }
    take();
  }
  return table;
}

LockTaken lock_by_words(std::string_view statement) {
  StatementReader reader(statement);
  LockTaken taken;
  taken.lock = reader.is_any({"INSERT", "UPDATE", "REPLACE", "DELETE"}) ? "SHARED WRITE" : "EXCLUSIVE";
  const std::vector<StatementWord> words = reader.rest();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::size_t value = words[i + 1].upper == "=" ? i + 2 : i + 1;
    if (value < words.size() && words[i].upper == "ALGORITHM") {
      taken.algorithm = words[value].upper;
      taken.lock = taken.algorithm == "INSTANT" ? "NONE" : taken.lock;
    }
    if (value < words.size() && words[i].upper == "LOCK") {
      taken.lock = words[value].upper;
    }
  }
  return taken;
}

}  // namespace toolkit::mysql
