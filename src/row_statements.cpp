#include "row_statements.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <vector>

#include "ascii.hpp"
#include "catalog_name.hpp"
#include "compare_rows.hpp"

namespace toolkit {

namespace {

using Words = std::vector<std::string>;

/// The statement's words in capitals, quoted names without their quotes; strings and symbols left out.
Words words_of(const std::string& sql, const ScriptSyntax& syntax) {
  Words words;
  for (const Token& token : tokenize(sql, syntax)) {
    const std::string_view text = std::string_view(sql).substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::word) {
      words.push_back(to_upper(text));
    } else if (token.kind == TokenKind::quoted_identifier && text.size() > 2) {
      words.push_back(to_upper(text.substr(1, text.size() - 2)));
    }
  }
  return words;
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* each) { return word == each; });
}

bool has(const Words& words, const char* word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_in_turn(const Words& words, std::initializer_list<const char*> wanted) {
  return std::search(words.begin(), words.end(), wanted.begin(), wanted.end(),
                     [](const std::string& word, const char* each) { return word == each; }) != words.end();
}

/// The words between the first one and the first of `ends`: where a statement names what it works on.
Words up_to(const Words& words, std::initializer_list<const char*> ends) {
  const auto end = std::find_if(words.begin() + 1, words.end(),
                                [&](const std::string& word) { return is_one_of(word, ends); });
  return {words.begin() + 1, end};
}

void insert(std::set<std::string>& names, const Words& words) { names.insert(words.begin(), words.end()); }

void read_insert(const Words& words, RowStatements& found) {
  const auto into = std::find(words.begin(), words.end(), "INTO");
  const Words target = {into == words.end() ? words.begin() : into + 1,
                        std::find_if(words.begin(), words.end(), [](const std::string& word) {
                          return is_one_of(word, {"SELECT", "VALUES", "VALUE", "DEFAULT", "SET", "WITH"});
                        })};
  if (words.front() == "REPLACE" || has_in_turn(words, {"OR", "REPLACE"})) {
    insert(found.emptied, target);
    insert(found.changed, target);
  }
  if (has(words, "UPDATE")) {
    insert(found.changed, target);
  }
}

/// `ALTER [COLUMN] a [SET DATA] TYPE … USING …`, PostgreSQL's.
void read_conversions(const Words& words, RowStatements& found) {
  for (std::size_t i = 2; i + 2 < words.size() && has(words, "USING"); ++i) {
    const std::size_t column = i + (words[i + 1] == "COLUMN" ? 2U : 1U);
    const auto end = words.begin() + static_cast<std::ptrdiff_t>(std::min(column + 4, words.size()));
    if (words[i] == "ALTER" &&
        std::find(words.begin() + static_cast<std::ptrdiff_t>(column), end, "TYPE") != end) {
      found.converted.insert(words[column]);
    }
  }
}

void read_statement(const Words& words, RowStatements& found) {
  const std::string& first = words.front();
  if (is_one_of(first, {"CALL", "DO", "SELECT", "EXECUTE", "BEGIN", "VALUES"})) {
    found.is_opaque = true;
  } else if (first == "DELETE") {
    insert(found.emptied, up_to(words, {"WHERE"}));
  } else if (first == "TRUNCATE") {
    insert(found.emptied, words);
  } else if (first == "UPDATE") {
    insert(found.changed, up_to(words, {"SET"}));
  } else if (first == "MERGE") {
    insert(found.changed, up_to(words, {"USING"}));
    insert(found.emptied, has(words, "DELETE") ? up_to(words, {"USING"}) : Words());
  } else if (first == "INSERT" || first == "REPLACE") {
    read_insert(words, found);
  } else if (first == "WITH") {
    insert(found.emptied, has(words, "DELETE") ? words : Words());
    insert(found.changed, has(words, "UPDATE") ? words : Words());
  } else if (first == "ALTER" && has(words, "PARTITION") && (has(words, "DROP") || has(words, "TRUNCATE"))) {
    insert(found.emptied, up_to(words, {"DROP", "TRUNCATE"}));
  } else if (first == "ALTER" && has(words, "DETACH")) {
    insert(found.emptied, up_to(words, {"DETACH"}));
  } else if (first == "ALTER" && has_in_turn(words, {"NO", "INHERIT"})) {
    found.emptied.insert(words.back());
  }
}

using Renames = std::vector<std::pair<std::string, std::string>>;

/// `ALTER TABLE [s.]a RENAME TO b`, `RENAME TABLE a TO b, c TO d`.
Renames renames_in(const Words& words) {
  Renames found;
  const bool is_list = words.size() > 3 && words[0] == "RENAME" && is_one_of(words[1], {"TABLE", "TABLES"});
  const auto rename = std::find(words.begin(), words.end(), "RENAME");
  if (is_list) {
    for (std::size_t i = 3; i + 1 < words.size(); ++i) {
      if (words[i] == "TO") {
        found.emplace_back(words[i - 1], words[i + 1]);
      }
    }
  } else if (words.size() > 4 && words[0] == "ALTER" && words[1] == "TABLE" && rename != words.end() &&
             rename + 2 == words.end() - 1 && is_one_of(*(rename + 1), {"TO", "AS"})) {
    found.emplace_back(*(rename - 1), words.back());
  }
  return found;
}

/// Whether one of the first statements reads rows of a table into another one.
bool is_copied(const std::vector<Words>& statements, std::size_t count, const std::string& table) {
  return std::any_of(statements.begin(), statements.begin() + static_cast<std::ptrdiff_t>(count),
                     [&](const Words& words) {
                       return is_one_of(words.front(), {"CREATE", "INSERT", "REPLACE", "SELECT", "WITH"}) &&
                              has(words, "FROM") && has(words, table.c_str());
                     });
}

/// A table that is dropped before anything is copied from it: that another one gets its name does not matter.
void read_drops(const std::vector<Words>& statements, RowStatements& found) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Words& words = statements[i];
    if (words.size() < 3 || words[0] != "DROP" || words[1] != "TABLE") {
      continue;
    }
    std::copy_if(words.begin() + 2, words.end(), std::inserter(found.dropped, found.dropped.end()),
                 [&](const std::string& name) { return !is_copied(statements, i, name); });
  }
}

bool begins_clause(const std::string& word) {
  return is_one_of(word, {"ADD", "ALTER", "CHANGE", "CONVERT", "DROP", "MODIFY", "RENAME", "SET"});
}

/// The column that a `DROP` at `at` is of; nothing for a constraint, a default and the like.
std::string dropped_column(const Words& words, std::size_t at) {
  const bool says_column = at + 1 < words.size() && words[at + 1] == "COLUMN";
  std::size_t name = at + (says_column ? 2 : 1);
  name += name + 2 < words.size() && words[name] == "IF" && words[name + 1] == "EXISTS" ? 2 : 0;
  const bool is_column =
      name < words.size() &&
      (says_column || !is_one_of(words[name], {"CHECK", "CONSTRAINT", "DEFAULT", "EXPRESSION", "FOREIGN",
                                               "IDENTITY", "INDEX", "KEY", "NOT", "PARTITION", "PERIOD",
                                               "PRIMARY", "SYSTEM", "UNIQUE"}));
  return is_column ? words[name] : "";
}

/// `RENAME [COLUMN] a TO b`, `CHANGE [COLUMN] a b …` at `at`; empty names for what is none.
std::pair<std::string, std::string> renamed_column(const Words& words, std::size_t at) {
  std::size_t name = at + (at + 1 < words.size() && words[at + 1] == "COLUMN" ? 2 : 1);
  name += name + 2 < words.size() && words[name] == "IF" && words[name + 1] == "EXISTS" ? 2 : 0;
  const bool is_change = words[at] == "CHANGE" && name + 1 < words.size();
  const bool is_rename =
      words[at] == "RENAME" && name + 2 < words.size() && words[name + 1] == "TO" &&
      (name == at + 2 || !is_one_of(words[at + 1], {"CONSTRAINT", "INDEX", "KEY", "TABLE", "TO", "AS"}));
  return is_change
             ? std::pair{words[name], words[name + 1]}
             : (is_rename ? std::pair{words[name], words[name + 2]} : std::pair<std::string, std::string>{});
}

void add_rename(ColumnMoves& moves, const std::string& from, const std::string& to) {
  const auto earlier = std::find_if(moves.renamed.begin(), moves.renamed.end(),
                                    [&](const auto& each) { return each.second == from; });
  moves.renamed[earlier == moves.renamed.end() ? from : earlier->first] = to;
}

void read_columns(const Words& words, RowStatements& found) {
  if (words.size() < 4 || words[0] != "ALTER" || words[1] != "TABLE") {
    return;
  }
  const auto clauses = std::find_if(words.begin() + 2, words.end(), begins_clause);
  for (auto word = clauses; word != words.end(); ++word) {
    const auto at = static_cast<std::size_t>(word - words.begin());
    const std::string dropped = *word == "DROP" ? dropped_column(words, at) : "";
    const auto [from, to] = renamed_column(words, at);
    for (auto table = words.begin() + 2; table != clauses; ++table) {
      ColumnMoves& moves = found.columns[*table];
      if (!dropped.empty()) {
        moves.dropped.insert(dropped);
      } else if (!from.empty() && from != to) {
        add_rename(moves, from, to);
      }
    }
  }
}

/// What is said of a table holds for the names that it has before and after.
void follow_names(const std::vector<Words>& statements, RowStatements& found) {
  for (const Words& words : statements) {
    for (const auto& rename : renames_in(words)) {
      const std::string& from = rename.first;
      const std::string& to = rename.second;
      for (std::set<std::string>* names : {&found.emptied, &found.changed}) {
        if (names->count(from) != 0) {
          names->insert(to);
        }
      }
      if (const auto moves = found.columns.find(from); moves != found.columns.end()) {
        found.columns[to].dropped.merge(std::set<std::string>(moves->second.dropped));
        found.columns[to].renamed.merge(std::map<std::string, std::string>(moves->second.renamed));
      }
      const auto earlier = std::find_if(found.renamed.begin(), found.renamed.end(),
                                        [&](const auto& each) { return each.second == from; });
      found.renamed[earlier == found.renamed.end() ? from : earlier->first] = to;
    }
  }
}

std::vector<Words> statements_of(const Script& script, const ScriptSyntax& syntax) {
  std::vector<Words> statements;
  for (const Step& step : script.steps) {
    if (Words words = words_of(step.sql, syntax); !words.empty()) {
      statements.push_back(std::move(words));
    }
  }
  return statements;
}

}  // namespace

RowStatements row_statements(const Script& script, const ScriptSyntax& syntax) {
  RowStatements found;
  const std::vector<Words> statements = statements_of(script, syntax);
  for (const Words& words : statements) {
    read_statement(words, found);
    if (words.front() == "ALTER") {
      read_conversions(words, found);
    }
    read_columns(words, found);
  }
  follow_names(statements, found);
  read_drops(statements, found);
  return found;
}

ColumnMoves column_moves(const RowStatements& said, std::string_view table) {
  const auto found = said.columns.find(last_part(table));
  return found == said.columns.end() ? ColumnMoves() : found->second;
}

bool states_refusal(const Script& up, const ScriptSyntax& syntax) {
  const auto states = [](const Words& words) {
    if (words.front() == "CREATE") {
      return words.size() > 1 && words[1] == "UNIQUE";
    }
    if (words.front() != "ALTER") {
      return false;
    }
    return has_in_turn(words, {"ADD", "CONSTRAINT"}) || has_in_turn(words, {"ADD", "UNIQUE"}) ||
           has_in_turn(words, {"ADD", "FOREIGN"}) || has_in_turn(words, {"ADD", "PRIMARY"}) ||
           has_in_turn(words, {"ADD", "CHECK"}) || has_in_turn(words, {"ADD", "EXCLUDE"}) ||
           has_in_turn(words, {"VALIDATE", "CONSTRAINT"}) || has_in_turn(words, {"ATTACH", "PARTITION"});
  };
  const std::vector<Words> statements = statements_of(up, syntax);
  return std::any_of(statements.begin(), statements.end(), states);
}

}  // namespace toolkit
