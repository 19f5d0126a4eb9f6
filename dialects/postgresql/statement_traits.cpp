#include "statement_traits.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "script_syntax.hpp"
#include "statement_reader.hpp"
#include "toolkit/script.hpp"

namespace toolkit::postgresql {

namespace {

/// The words of a statement outside of strings, comments and quoted names, upper case.
class Words {
 public:
  explicit Words(std::string_view statement) {
    for (const Token& token : tokenize(statement, script_syntax())) {
      if (token.kind != TokenKind::word) {
        continue;
      }
      std::string word(statement.substr(token.begin, token.end - token.begin));
      std::transform(word.begin(), word.end(), word.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
      all_.push_back(std::move(word));
    }
  }

  bool begins(std::initializer_list<std::string_view> words) const {
    return words.size() <= all_.size() && std::equal(words.begin(), words.end(), all_.begin());
  }
  bool has(std::string_view word) const { return std::find(all_.begin(), all_.end(), word) != all_.end(); }

  /// Whether `first` is followed directly by `second` somewhere.
  bool has_pair(std::string_view first, std::string_view second) const {
    return std::adjacent_find(all_.begin(), all_.end(), [&](const auto& a, const auto& b) {
             return a == first && b == second;
           }) != all_.end();
  }
  std::string_view first() const { return all_.empty() ? std::string_view() : all_.front(); }
  std::size_t size() const { return all_.size(); }

 private:
  std::vector<std::string> all_;
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A slot on the publisher cannot be rolled back; without one these are ordinary statements.
bool touches_slot(const Words& words) {
  if (words.begins({"CREATE", "SUBSCRIPTION"})) {
    return !words.has_pair("CREATE_SLOT", "FALSE") && !words.has_pair("CONNECT", "FALSE");
  }
  return words.begins({"DROP", "SUBSCRIPTION"}) ||
         (words.begins({"ALTER", "SUBSCRIPTION"}) && (words.has("REFRESH") || words.has("PUBLICATION") ||
                                                      words.has("FAILOVER") || words.has("TWO_PHASE")));
}

bool is_concurrent(const Words& words) {
  return (is_one_of(words.first(), {"CREATE", "DROP"}) && words.has_pair("INDEX", "CONCURRENTLY")) ||
         (words.first() == "REINDEX" && words.has("CONCURRENTLY"));
}

bool detaches_concurrently(const Words& words) {
  return words.begins({"ALTER", "TABLE"}) && words.has_pair("DETACH", "PARTITION") &&
         words.has("CONCURRENTLY");
}

bool validates_only(std::string_view statement) {
  StatementReader reader(statement);
  if (!reader.take({"ALTER", "TABLE"})) {
    return false;
  }
  reader.take({"IF", "EXISTS"});
  reader.take({"ONLY"});
  return reader.qualified_name() && reader.take({"VALIDATE", "CONSTRAINT"}) && reader.identifier() &&
         reader.at_end();
}

bool refuses_transaction(const Words& words) {
  const std::string_view first = words.first();
  if (is_one_of(first, {"CREATE", "DROP"})) {
    return is_concurrent(words) || words.begins({first, "DATABASE"}) || words.begins({first, "TABLESPACE"}) ||
           touches_slot(words);
  }
  if (first == "REINDEX") {
    return is_concurrent(words) || words.has("DATABASE") || words.has("SYSTEM") || words.has("SCHEMA");
  }
  if (first == "ALTER") {
    return words.begins({"ALTER", "SYSTEM"}) || touches_slot(words) ||
           (words.begins({"ALTER", "DATABASE"}) && words.has_pair("SET", "TABLESPACE")) ||
           detaches_concurrently(words);
  }
  // CLUSTER without a table is all tables.
  return first == "VACUUM" ||
         (first == "CLUSTER" && (words.size() == 1 || words.begins({"CLUSTER", "VERBOSE"})));
}

// Roles, databases and settings belong to the cluster; COPY to or from the machine below it.
std::string_view beyond_database(const Words& words) {
  const std::string_view first = words.first();
  if (is_one_of(first, {"CREATE", "ALTER", "DROP"})) {
    for (const std::string_view object : {"ROLE", "USER", "GROUP"}) {
      if (words.begins({first, object}) && !words.begins({first, object, "MAPPING"})) {
        return "roles of the server";
      }
    }
    if (words.begins({first, "DATABASE"}) || words.begins({first, "TABLESPACE"})) {
      return "databases and tablespaces of the server";
    }
    if (words.begins({first, "SYSTEM"})) {
      return "settings of the server";
    }
    return words.begins({first, "SUBSCRIPTION"}) ? "another server" : std::string_view();
  }
  if (is_one_of(first, {"GRANT", "REVOKE"})) {
    return words.has("ON") ? std::string_view() : "roles of the server";
  }
  if (first == "COPY") {
    return words.has("FROM") || words.has("TO") ? "files of the server" : std::string_view();
  }
  return words.begins({"REASSIGN", "OWNED"}) || words.begins({"DROP", "OWNED"}) ? "roles of the server"
                                                                                : std::string_view();
}

}  // namespace

StatementTraits statement_traits(std::string_view statement) {
  const Words words(statement);
  const std::string_view first = words.first();
  StatementTraits traits;
  traits.refuses_transaction = refuses_transaction(words);
  // Allowed in a transaction since 12, but the value can be used only after its commit.
  traits.ends_group = words.begins({"ALTER", "TYPE"}) && words.has_pair("ADD", "VALUE");
  traits.is_row_change =
      is_one_of(first, {"INSERT", "UPDATE", "DELETE", "MERGE"}) ||
      (first == "WITH" && (words.has("INSERT") || words.has("UPDATE") || words.has("DELETE")));
  traits.beyond_database = beyond_database(words);
  traits.is_destructive =
      is_one_of(first, {"DROP", "TRUNCATE"}) || (words.begins({"ALTER", "TABLE"}) && words.has("DROP"));
  return traits;
}

bool may_change_session(std::string_view statement) {
  const Words words(statement);
  return is_one_of(words.first(), {"SET", "RESET", "SELECT", "VALUES", "DO", "CALL", "EXECUTE"}) ||
         words.has("SET_CONFIG");
}

bool copies_with_client(std::string_view statement) {
  const Words words(statement);
  return words.first() == "COPY" && (words.has_pair("FROM", "STDIN") || words.has_pair("TO", "STDOUT"));
}

std::chrono::milliseconds usual_lock_wait(std::string_view statement, bool is_alone) {
  using namespace std::chrono_literals;
  const Words words(statement);
  if (is_concurrent(words) || detaches_concurrently(words)) {
    return 10min;
  }
  const bool keeps_house = is_one_of(words.first(), {"VACUUM", "ANALYZE"}) && !words.has("FULL");
  const bool changes_rows = is_one_of(words.first(), {"INSERT", "UPDATE", "DELETE", "MERGE"});
  return is_alone && (keeps_house || changes_rows || validates_only(statement)) ? 30s : 3s;
}

bool is_concurrent_index(std::string_view statement) { return is_concurrent(Words(statement)); }

}  // namespace toolkit::postgresql
