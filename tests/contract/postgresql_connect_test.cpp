#include <doctest/doctest.h>

#include <chrono>

#include "../support/secrets.hpp"
#include "postgresql_fixture.hpp"
#include "toolkit/sandbox.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

const std::unique_ptr<Dialect> dialect = postgresql::make_dialect();

/// The error of opening a URL, or empty details when it opens.
ErrorDetails refusal(const DatabaseUrl& url, const OpenOptions& options = {}) {
  try {
    const auto connection = dialect->open(url, options);
    connection->query("SELECT 1", {}, 1);
  } catch (const Error& error) {
    note_output(describe(error.details(), true));
    return error.details();
  }
  return {};
}
ErrorDetails refusal(const std::string& url) { return refusal(parse_url(url)); }

std::string told(const std::string& url) { return describe(refusal(url)); }

/// A server over TCP that asks for TLS and passwords, one for all cases here.
Sandbox& tls_server() {
  static const auto sandbox = [] {
    SandboxOptions options;
    options.tcp = true;
    options.tls = SandboxTls::required;
    options.password = made_up_password("p@ss:w/o?r#d%25 &x='\"\\");
    return start_sandbox("postgresql", options);
  }();
  return *sandbox;
}

DatabaseUrl tls_url(const std::map<std::string, std::string>& options) {
  DatabaseUrl url = parse_url(tls_server().url());
  url.options = options;
  return url;
}

std::string cipher(const DatabaseUrl& url) {
  const auto connection = dialect->open(url, {});
  return connection
      ->query("SELECT CAST(ssl AS text) FROM pg_stat_ssl WHERE pid = pg_backend_pid()", {}, 1)[0][0]
      .value();
}

}  // namespace

TEST_SUITE_BEGIN("postgresql connect" * doctest::skip(!is_server_expected("postgresql")));

TEST_CASE("what a person reads when a server does not answer") {
  CHECK(told("postgresql://u:secret@127.0.0.1:1/d") ==
        "error: cannot connect to postgresql://u:***@127.0.0.1:1/d: connection to server at \"127.0.0.1\", "
        "port 1 "
        "failed:"
        " Connection refused\n  next: no server listens there; check host and port, and that it runs\n");
  CHECK(told("postgresql://u@nohost.invalid/d").find("next: check the host of the URL") != std::string::npos);
  CHECK(told("postgresql://u@/d?host=/nowhere").find("next: no server listens on this socket") !=
        std::string::npos);
}

TEST_CASE("a server that does not answer is given up in time") {
  OpenOptions options;
  options.connect_timeout = std::chrono::milliseconds(2'000);
  const auto start = std::chrono::steady_clock::now();
  // 192.0.2.0/24 belongs to nobody; where the network refuses at once, that is an answer too.
  CHECK(refusal(parse_url("postgresql://u@192.0.2.1,192.0.2.2/d"), options).kind == ErrorKind::connection);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(8));
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an absent database says how to make it") {
  const std::string url = with_database(database.url(), "no_such_db");
  const ErrorDetails details = refusal(url);
  CHECK(details.sqlstate == "3D000");
  CHECK(details.kind == ErrorKind::connection);
  CHECK(details.advice == "make it with 'toolkit create'");
  CHECK(details.message.find("database \"no_such_db\" does not exist") != std::string::npos);
}

TEST_CASE("wrong password, no password, wrong user, no TLS: each with its advice, and no secret") {
  DatabaseUrl url = tls_url({{"sslmode", "require"}});
  url.password = made_up_password("wr0ng");
  const ErrorDetails wrong = refusal(url);
  CHECK(wrong.sqlstate == "28P01");
  CHECK(wrong.advice == "check user and password of the URL");
  CHECK(describe(wrong, true).find("wr0ng") == std::string::npos);
  url.has_password = false;
  url.password.clear();
  CHECK(refusal(url).advice ==
        "the server asks for a password: put it into the URL, PGPASSWORD, or a .pgpass file");
  const ErrorDetails plain = refusal(tls_url({{"sslmode", "disable"}}));
  CHECK(plain.sqlstate == "28000");
  CHECK(plain.advice.find("sslmode=require") != std::string::npos);
}

TEST_CASE("each TLS mode gives what it says, and never less") {
  const std::string authority = tls_server().certificate_authority().string();
  for (const char* mode : {"allow", "prefer", "require"}) {
    CAPTURE(mode);
    CHECK(cipher(tls_url({{"sslmode", mode}})) == "true");
  }
  for (const char* mode : {"verify-ca", "verify-full"}) {
    CAPTURE(mode);
    CHECK(cipher(tls_url({{"sslmode", mode}, {"sslrootcert", authority}})) == "true");
    CHECK(refusal(tls_url({{"sslmode", mode}, {"sslrootcert", "/nowhere/ca.pem"}})).advice ==
          "name the CA's certificate with sslrootcert in the URL");
  }
  SandboxOptions options;
  options.tcp = true;
  options.tls = SandboxTls::required;
  const auto other = start_sandbox("postgresql", options);
  const std::string wrong = other->certificate_authority().string();
  for (const char* mode : {"verify-ca", "verify-full"}) {
    CAPTURE(mode);
    const ErrorDetails details = refusal(tls_url({{"sslmode", mode}, {"sslrootcert", wrong}}));
    CHECK(details.kind == ErrorKind::connection);
    // "certificate verify failed", or where both authorities have one name "EVP lib": a wrong signature.
    CHECK(details.message.find("failed: SSL error: ") != std::string::npos);
    CHECK(details.advice.find("sslrootcert") != std::string::npos);
  }
  // The certificate is for this host's names, not for this one, which resolves to it all the same.
  DatabaseUrl renamed =
      tls_url({{"sslmode", "verify-full"}, {"sslrootcert", authority}, {"hostaddr", "127.0.0.1"}});
  renamed.host = "db.example.org";
  CHECK(refusal(renamed).message.find("does not match host name \"db.example.org\"") != std::string::npos);
  renamed.options["sslmode"] = "verify-ca";
  CHECK(cipher(renamed) == "true");
}

TEST_CASE_FIXTURE(PostgresqlFixture, "TLS that the server does not have is refused, not left out") {
  if (database.url().find("host=") != std::string::npos) {
    return;  // libpq uses no TLS on a socket
  }
  DatabaseUrl url = parse_url(database.url());
  url.options["sslmode"] = "require";
  CHECK(refusal(url).advice == "sslmode asks for TLS and the server has none");
}

TEST_CASE("options are checked before anything is sent") {
  const ErrorDetails unknown = refusal("postgresql://u@127.0.0.1:1/d?ssl_mode=require");
  CHECK(unknown.kind == ErrorKind::configuration);
  CHECK(unknown.message == "unknown option 'ssl_mode' in a postgresql URL");
  CHECK(unknown.advice.find("sslmode, ") != std::string::npos);
  const ErrorDetails value = refusal("postgresql://u@127.0.0.1:1/d?sslmode=verify");
  CHECK(value.message == "'verify' is no value of the option 'sslmode'");
  CHECK(value.advice == "it takes: disable, allow, prefer, require, verify-ca, verify-full");
  CHECK(refusal("postgresql://u@127.0.0.1:1/d?client_encoding=LATIN1").kind == ErrorKind::configuration);
  CHECK(refusal("postgresql://u@127.0.0.1:1/d?host=elsewhere").message ==
        "the URL names the host twice: before the '/' and as an option");
}

TEST_CASE_FIXTURE(PostgresqlFixture,
                  "the session is UTF-8 under our name, and can be read-only beside other options") {
  OpenOptions options;
  options.read_only = true;
  DatabaseUrl url = parse_url(database.url());
  url.options["options"] = "-c work_mem=5MB";
  const auto reader = dialect->open(url, options);
  CHECK(reader->query("SELECT current_setting('work_mem'), current_setting('client_encoding'),"
                      " current_setting('application_name')",
                      {}, 3) == Rows{{"5MB", "UTF8", "toolkit"}});
  CHECK_THROWS_AS(reader->execute("CREATE TABLE a (id int)"), Error);
  CHECK(reader->query(context.sql.read, {}, 17).size() == 1);
  CHECK(reader->server().database == database.name());
  CHECK(reader->server().flavour == "postgresql");
  CHECK(reader->server().version_number >= 100'000);
}

TEST_CASE_FIXTURE(PostgresqlFixture, "an absent history is told from other errors") {
  RunContext other = context;
  other.place.table = "we\"ird'na:me";
  other.sql = dialect->history_sql(other.place);
  try {
    connection->query(other.sql.read, {}, 17);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(connection->is_absent_table(error.details()));
    CHECK(error.details().message == "relation \"public.we\"ird'na:me\" does not exist");
  }
  other.place.schema = "no:schema";
  CHECK(connection->query(dialect->history_sql(other.place).find_elsewhere, {}, 1).empty());
  other.place.table = "toolkit_history";
  CHECK(connection->query(dialect->history_sql(other.place).find_elsewhere, {}, 1) == Rows{{"public"}});
}

TEST_CASE_FIXTURE(PostgresqlFixture, "a history with a strange name in a schema of its own works whole") {
  context.place = {"my:sch\"ema", "we\"ird'na:me", "lo'g"};
  context.sql = dialect->history_sql(context.place);
  for (int twice = 0; twice < 2; ++twice) {
    for (const std::string& text : context.sql.create) {
      connection->execute(text);
    }
  }
  CHECK(connection->query(context.sql.find_user_table, {}, 1).size() == 1);  // the fixture's own history
  run(make_task(1, {"CREATE TABLE a (id int)"}));
  const Rows rows = connection->query(context.sql.read, {}, 17);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][1] == "format");
  CHECK(rows[0][5] == "1");
  CHECK(rows[1][2] == "applied");
  CHECK(rows[1][12].value().size() == std::string("2026-01-01T00:00:00.000000Z").size());
  CHECK(rows[1][12].value().back() == 'Z');
  CHECK(rows[1][16] == "0");
  connection->query(context.sql.log, log_parameters(context, "redo", 1, "{}"), 0);
  connection->query(
      context.sql.record,
      [&] {
        Parameters values = claim_parameters(make_task(2, {}), context, UnitKind::transaction);
        values["state"] = std::string("applied");
        return values;
      }(),
      0);
  CHECK(connection->query(context.sql.read_down_steps, {{"version", 2}}, 2) == Rows{{"[]", "sha256:down"}});
}

TEST_CASE_FIXTURE(PostgresqlFixture, "databases are made and dropped by way of another one") {
  DatabaseUrl url = parse_url(database.url());
  url.database = database.name() + " we\"ird";
  CHECK(dialect->create_database(url, {}));
  CHECK_FALSE(dialect->create_database(url, {}));
  auto session = dialect->open(url, {});
  try {
    dialect->drop_database(url, {});
    FAIL("no error");
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK(error.details().sqlstate == "55006");
    CHECK(message.find("is being accessed by other users: process ") != std::string::npos);
    CHECK(message.find("(toolkit, user ") != std::string::npos);
  }
  session.reset();
  bool dropped = false;
  for (int attempt = 0; attempt < 50 && !dropped; ++attempt) {
    try {
      dropped = dialect->drop_database(url, {});
    } catch (const Error&) {  // the session's end takes the server a moment
    }
  }
  CHECK(dropped);
  CHECK_FALSE(dialect->drop_database(url, {}));
}

TEST_SUITE_END();
