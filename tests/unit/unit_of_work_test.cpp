#include "toolkit/unit_of_work.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace toolkit;

namespace {

Task task_of(Direction direction) {
  Task task;
  task.version = 12;
  task.digits = "0012";
  task.name = "widen";
  task.direction = direction;
  task.first_step = 2;
  task.step_count = 3;
  task.up_step_count = direction == Direction::up ? 3 : 5;
  task.dialect = "mariadb";
  task.up_checksum = "sha256:up";
  task.down_checksum = "sha256:down";
  task.step_checksums = R"({"up":["a"],"down":["b"]})";
  task.down_steps = R"([{"sql":"DROP","no_transaction":false}])";
  return task;
}

RunContext context() {
  RunContext made;
  made.run_id = "0123456789abcdef0123456789abcdef";
  made.applied_by = "anna@host 42";
  made.tool_version = "9.8.7";
  return made;
}

const Value null = std::monostate();
Value text(const std::string& value) { return value; }
Value number(std::int64_t value) { return value; }

/// A step whose whole file is `file`, sending from `offset` to the end of `statement`.
Step step_of(const std::string& file, const std::string& leading, const std::string& statement) {
  Step step;
  step.path = "db/0012_widen.up.sql";
  step.file_text = file;
  step.offset = file.find(leading + statement);
  step.sql = leading + statement;
  step.first_token = leading.size();
  step.number = 2;
  return step;
}

/// Line, column, exactness and line text of the error for the n-th character of what was sent; 0: not said.
std::string place(const Step& step, std::size_t character) {
  std::optional<std::size_t> offset;
  if (character > 0) {
    offset = byte_of_character(step.sql, character);
  }
  ErrorDetails answered;
  answered.kind = ErrorKind::server;
  answered.message = "refused";
  const Error error = migration_error(answered, task_of(Direction::up), step, offset);
  const ErrorDetails& details = error.details();
  return std::to_string(details.position.line) + ":" + std::to_string(details.position.column) +
         (details.position_is_exact ? " exact " : " first ") + details.source_line;
}

}  // namespace

TEST_CASE("a version is known by its digits as written") {
  Task task = task_of(Direction::up);
  CHECK(label_of(task) == "0012_widen");
  task.digits.clear();
  CHECK(label_of(task) == "12_widen");
}

TEST_CASE("a claim writes the whole row; its mark says that a statement may run outside a transaction") {
  Parameters expected = {{"version", number(12)},
                         {"name", text("widen")},
                         {"origin", text("run")},
                         {"dialect", text("mariadb")},
                         {"step", number(1)},
                         {"steps", number(3)},
                         {"up_checksum", text("sha256:up")},
                         {"down_checksum", text("sha256:down")},
                         {"step_checksums", text(R"({"up":["a"],"down":["b"]})")},
                         {"down_steps", text(R"([{"sql":"DROP","no_transaction":false}])")},
                         {"mark", null},
                         {"run_id", text("0123456789abcdef0123456789abcdef")},
                         {"applied_by", text("anna@host 42")},
                         {"tool_version", text("9.8.7")}};
  CHECK(claim_parameters(task_of(Direction::up), context(), UnitKind::transaction) == expected);
  CHECK(claim_parameters(task_of(Direction::down), context(), UnitKind::transaction) == expected);
  expected["mark"] = text(R"({"format":1})");
  CHECK(claim_parameters(task_of(Direction::up), context(), UnitKind::separate) == expected);
}

TEST_CASE("finishing an up leaves all steps done, finishing a down none") {
  CHECK(finish_parameters(task_of(Direction::up), context()) ==
        Parameters{{"version", number(12)},
                   {"run_id", text("0123456789abcdef0123456789abcdef")},
                   {"state", text("applied")},
                   {"step", number(3)}});
  CHECK(finish_parameters(task_of(Direction::down), context()) ==
        Parameters{{"version", number(12)},
                   {"run_id", text("0123456789abcdef0123456789abcdef")},
                   {"state", text("reverted")},
                   {"step", number(0)}});
}

TEST_CASE("a finished step is counted while the version goes on") {
  CHECK(advance_parameters(task_of(Direction::up), context(), 2) ==
        Parameters{{"version", number(12)},
                   {"run_id", text("0123456789abcdef0123456789abcdef")},
                   {"state", text("applying")},
                   {"step", number(2)}});
  CHECK(advance_parameters(task_of(Direction::down), context(), 1).at("state") == text("reverting"));
}

TEST_CASE("an answered error takes the claim back to what is true") {
  const auto taken_back = [](Direction direction, int finished) {
    Parameters values = take_back_parameters(task_of(direction), context(), finished);
    CHECK(values.size() == 5);
    CHECK(values.at("version") == number(12));
    CHECK(values.at("run_id") == text("0123456789abcdef0123456789abcdef"));
    return std::get<std::string>(values.at("state")) + " " +
           std::to_string(std::get<std::int64_t>(values.at("step"))) + "/" +
           std::to_string(std::get<std::int64_t>(values.at("steps")));
  };
  CHECK(taken_back(Direction::up, 0) == "pending 0/3");
  CHECK(taken_back(Direction::up, 2) == "applying 2/3");
  CHECK(taken_back(Direction::down, 0) == "applied 5/5");
  CHECK(taken_back(Direction::down, 1) == "reverting 1/3");
}

TEST_CASE("a row of the log names who and what") {
  CHECK(log_parameters(context(), "redo", 7, R"({"a":1})") ==
        Parameters{{"action", text("redo")},
                   {"version", number(7)},
                   {"detail", text(R"({"a":1})")},
                   {"run_id", text("0123456789abcdef0123456789abcdef")},
                   {"applied_by", text("anna@host 42")},
                   {"tool_version", text("9.8.7")}});
}

TEST_CASE("an error of a statement carries version, step, statement and file") {
  const Step step = step_of("SELECT x", "", "SELECT x");
  ErrorDetails answered;
  answered.kind = ErrorKind::server;
  answered.message = "no column x";
  answered.sqlstate = "42703";
  answered.native_code = "1054";
  answered.hint = "look";
  const Error whole = migration_error(answered, task_of(Direction::up), step, std::size_t{7});
  const ErrorDetails& details = whole.details();
  CHECK(describe(details, true) ==
        "db/0012_widen.up.sql:1:8: no column x\n"
        "    SELECT x\n"
        "           ^\n"
        "  SQLSTATE 42703, code 1054\n"
        "  hint: look\n"
        "  statement: SELECT x\n");
  CHECK(details.kind == ErrorKind::migration);
  CHECK(details.version == 12);
  CHECK(details.step == 2);
  Task single = task_of(Direction::up);
  single.step_count = 1;
  CHECK(migration_error(answered, single, step, std::nullopt).details().step == 0);
}

TEST_CASE("kinds that say more than 'refused' are kept") {
  const Step step = step_of("SELECT x", "", "SELECT x");
  const auto kind_after = [&step](ErrorKind kind) {
    ErrorDetails answered;
    answered.kind = kind;
    return migration_error(answered, task_of(Direction::up), step, std::nullopt).kind();
  };
  CHECK(kind_after(ErrorKind::server) == ErrorKind::migration);
  CHECK(kind_after(ErrorKind::internal) == ErrorKind::migration);
  CHECK(kind_after(ErrorKind::migration) == ErrorKind::migration);
  CHECK(kind_after(ErrorKind::timeout) == ErrorKind::timeout);
  CHECK(kind_after(ErrorKind::connection) == ErrorKind::connection);
  CHECK(kind_after(ErrorKind::interrupted) == ErrorKind::interrupted);
  CHECK(kind_after(ErrorKind::lock) == ErrorKind::lock);
}

TEST_CASE("a place in what was sent becomes a place in the file") {
  const Step plain =
      step_of("CREATE TABLE t\n  (a int, b wrong)\n", "", "CREATE TABLE t\n  (a int, b wrong)");
  CHECK(place(plain, 1) == "1:1 exact CREATE TABLE t");
  CHECK(place(plain, 28) == "2:13 exact   (a int, b wrong)");
  CHECK(place(plain, 0) == "1:1 first CREATE TABLE t");
  CHECK(place(plain, 1000) == "2:19 exact   (a int, b wrong)");
}

TEST_CASE("BOM, leading comments and CRLF do not move the place") {
  const std::string bom = "\xEF\xBB\xBF";
  const Step step =
      step_of(bom + "-- why\r\n\r\nSELECT\r\n  wrong\r\n", "-- why\r\n\r\n", "SELECT\r\n  wrong");
  CHECK(step.offset == 3);
  CHECK(place(step, 0) == "3:1 first SELECT");
  CHECK(place(step, 11) == "3:1 exact SELECT");
  CHECK(place(step, 21) == "4:3 exact   wrong");
  CHECK(place(step, 1) == "1:1 exact -- why");
  const Step first_line = step_of(bom + "SELECT wrong", "", "SELECT wrong");
  CHECK(place(first_line, 8) == "1:8 exact SELECT wrong");
  const Step lone_returns = step_of("-- a\rSELECT\rwrong", "-- a\r", "SELECT\rwrong");
  CHECK(place(lone_returns, 13) == "3:1 exact wrong");
}

TEST_CASE("servers count characters, and so do columns") {
  // u with dots: 2 bytes, euro: 3, the emoji: 4.
  const std::string text = "SELECT '\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80', wrong";
  const Step step = step_of("-- \xC3\xBC\n" + text, "-- \xC3\xBC\n", text);
  CHECK(byte_of_character(text, 9) == 8);
  CHECK(byte_of_character(text, 10) == 10);
  CHECK(byte_of_character(text, 11) == 13);
  CHECK(byte_of_character(text, 12) == 17);
  CHECK(place(step, 5 + 15) == "2:15 exact " + text);
  CHECK(place(step, 0) == "2:1 first " + text);
}

TEST_CASE("the byte of a character, at the borders") {
  CHECK(byte_of_character("abc", 1) == 0);
  CHECK(byte_of_character("abc", 3) == 2);
  CHECK(byte_of_character("abc", 4) == 3);
  CHECK(byte_of_character("", 1) == 0);
  CHECK(byte_of_character("abc", 0) == 3);
}
