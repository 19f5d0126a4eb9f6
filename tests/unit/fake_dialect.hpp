#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "script_syntaxes.hpp"
#include "toolkit/dialect.hpp"
#include "toolkit/error.hpp"
#include "toolkit/sandbox.hpp"

namespace toolkit::test {

/// A dialect whose facts a test sets; it opens what `connection` gives, and touches nothing.
/// Its statements say what they ask for: REFUSES, ENDS_GROUP, DROPS as a word anywhere in the text.
class FakeDialect : public Dialect {
 public:
  FakeDialect() {
    facts.name = "postgresql";
    facts.url_schemes = {"fake"};
    facts.flavours = {"postgresql"};
    facts.transactional_ddl = true;
    facts.begin_transaction = "BEGIN";
    facts.default_schema = "public";
    facts.example_url = "fake://host/db";
  }

  const Traits& traits() const override { return facts; }
  ScriptSyntax script_syntax(std::string_view, std::string_view) const override {
    return script_syntax_of("postgresql");
  }
  std::string quote_identifier(std::string_view identifier) const override {
    return "\"" + std::string(identifier) + "\"";
  }
  HistorySql history_sql(const HistoryPlace&) const override {
    HistorySql sql;
    sql.create = {"create"};
    sql.read = "read";
    sql.find_elsewhere = "find_elsewhere";
    sql.find_user_table = "find_user_table";
    sql.read_mark = "read_mark";
    sql.finish = "finish";
    sql.take_back = "take_back";
    sql.log = "log";
    sql.record = "record";
    return sql;
  }
  StatementTraits statement_traits(std::string_view statement) const override {
    const auto has = [statement](const char* word) { return statement.find(word) != std::string_view::npos; };
    StatementTraits traits;
    traits.refuses_transaction = has("REFUSES");
    traits.ends_group = has("ENDS_GROUP");
    traits.drops_table = has("DROPS");
    return traits;
  }
  std::vector<std::string> render(const Catalog&) const override { return {}; }
  std::unique_ptr<Sandbox> start_sandbox(std::string_view, const SandboxOptions&) const override {
    return nullptr;
  }
  bool has_sandbox(std::string_view, const SandboxOptions&) const noexcept override { return false; }
  std::unique_ptr<Connection> open(const DatabaseUrl&, const OpenOptions&) const override {
    if (connection == nullptr) {
      throw Error(ErrorKind::connection, "this test opens nothing");
    }
    return connection();
  }
  std::unique_ptr<Connection> open_server(const DatabaseUrl&, const OpenOptions&) const override {
    return nullptr;
  }
  bool create_database(const DatabaseUrl&, const OpenOptions&) const override { return false; }
  bool drop_database(const DatabaseUrl&, const OpenOptions&) const override { return false; }

  Traits facts;
  std::function<std::unique_ptr<Connection>()> connection;
};

}  // namespace toolkit::test
