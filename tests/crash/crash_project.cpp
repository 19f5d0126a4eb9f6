#include "crash_project.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "../support/golden.hpp"

namespace toolkit::test {

namespace {

void make_reader(const TestServer& server) {
  if (server.engine == "mysql" || server.engine == "mariadb") {
    open_native(server.url)->run("CREATE USER IF NOT EXISTS 'crash_reader'@'localhost'");
  }
}

CrashSet set_for(const TestServer& server, const TestDatabase& database, int version_number) {
  return server.engine == "postgresql" ? postgresql_crash_set(database.name(), version_number)
         : server.engine == "sqlite"   ? sqlite_crash_set()
                                       : mysql_crash_set(server.engine);
}

/// Without the name of the run, which is another one each time.
std::string question_in(const ErrorDetails& unsettled) {
  const std::string line = unsettled.message.substr(0, unsettled.message.find('\n'));
  const std::size_t why = line.find(", and ");
  return "version " + std::to_string(unsettled.version) + ": " +
         line.substr(why == std::string::npos ? 0 : why + 6);
}

/// Something that a run says although it should end.
std::string refusal(const RunReport& report) {
  return report.failed ? describe(*report.failed) : std::string();
}

}  // namespace

std::vector<TestServer> crash_servers() {
  std::vector<TestServer> chosen;
  for (const std::string& engine : all_engines()) {
    for (const TestServer& server : test_servers(engine)) {
      chosen.push_back(server);
      if (!crash_options().all) {
        break;
      }
    }
  }
  return chosen;
}

Request to_version(int from, int to) { return to >= from ? Request::up_to(to) : Request::down_to(to); }

CrashProject::CrashProject(const TestServer& server, CrashSet set) : set_(std::move(set)), server_(server) {
  make_reader(server);
  project_ = std::make_unique<Project>(server, FileTree());
  const ServerInfo info = Migrator(Project::dialects(), database().url(), project_->options).server();
  engine_ = server.engine + " " + info.version;
  if (set_.empty()) {
    set_ = set_for(server, database(), info.version_number);
  }
  project_->write(files_of(set_));
  for (int version = 0; version <= versions(); ++version) {
    if (const std::string failure = refusal(run(Request::up_to(version))); !failure.empty()) {
      throw std::runtime_error(failure);
    }
    states_.push_back(now());
    if (version > 0) {
      look_between(version);
    }
  }
  for (int version = versions(); version-- > 0;) {
    const std::string failure = refusal(run(Request::down_to(version)));
    const std::string difference = text_difference(state_at(version), now());
    if (!failure.empty() || !difference.empty()) {
      throw std::runtime_error("down to " + std::to_string(version) + ": " + failure + difference);
    }
  }
}

CrashProject::~CrashProject() {
  if (server_.engine == "postgresql") {
    try {
      open_native(server_.url)->run("DROP DATABASE IF EXISTS " + database().name() + "_more");
    } catch (const std::exception&) {  // the server is thrown away anyhow
    }
  }
}

// Another session of SQLite on the file stands in the way when the journal mode changes; opening one costs
// nothing there, while a Migrator reads all files.
NativeSession& CrashProject::session() {
  if (session_ == nullptr || server_.engine == "sqlite") {
    session_ = database().connect();
  }
  return *session_;
}

Migrator& CrashProject::migrator() {
  if (server_.engine == "sqlite") {
    session_.reset();
  }
  if (!migrator_) {
    migrator_.emplace(Project::dialects(), database().url(), project_->options);
  }
  return *migrator_;
}

void CrashProject::disconnect() {
  session_.reset();
  migrator_.reset();
}

std::string CrashProject::now() { return snapshot(session(), server_.engine); }

void CrashProject::make_way(int from, int to) {
  if (server_.engine != "sqlite") {
    return;
  }
  session_.reset();
  for (int version = std::min(from, to); version < std::max(from, to); ++version) {
    if (set_[static_cast<std::size_t>(version)].up.front().find("journal_mode") != std::string::npos) {
      migrator_.reset();
    }
  }
}

void CrashProject::recover(const Request& request, CrashCount& count, const std::string& where) {
  constexpr int most_questions = 8;
  ErrorDetails failure;
  for (int question = 0; question < most_questions; ++question) {
    try {
      const RunReport report = run(request);
      if (!report.failed) {
        return;
      }
      failure = *report.failed;
    } catch (const Error& error) {
      failure = error.details();
      migrator_.reset();
    }
    if (failure.kind != ErrorKind::unsettled) {
      break;
    }
    count.asked(question_in(failure));
    try {
      decide(failure);
    } catch (const Error& error) {
      failure = error.details();
      break;
    }
  }
  count.bad(where + ": the next run says " + describe(failure));
}

// What a person does: looks whether the statement in flight took effect, runs what is left of the version by
// hand
// (`settle` speaks of whole versions), and says what came of it.
void CrashProject::decide(const ErrorDetails& unsettled) {
  const auto rows = session().rows("SELECT state, step FROM toolkit_history WHERE version = " +
                                   std::to_string(unsettled.version));
  const std::string found = now();
  if (rows.empty()) {
    throw Error(unsettled);
  }
  const bool goes_up = rows[0][0] == "applying";
  const CrashVersion& version = set_.at(static_cast<std::size_t>(unsettled.version - 1));
  const std::vector<std::string>& steps = goes_up ? version.up : version.down;
  const std::vector<std::string> between = states_between(static_cast<int>(unsettled.version), goes_up);
  auto next = static_cast<std::size_t>(std::stoi(rows[0][1]));
  next += found == between.at(next) ? 0 : 1;
  if (found != between.at(next)) {
    throw Error(unsettled);
  }
  for (; next < steps.size(); ++next) {
    session().run(steps[next]);
  }
  migrator().settle(unsettled.version, goes_up ? Settlement::applied : Settlement::pending,
                    project_->listener);
}

// The states before the first step, behind it, … behind the last one.
std::vector<std::string> CrashProject::states_between(int version, bool goes_up) const {
  std::vector<std::string> states = {state_at(goes_up ? version - 1 : version)};
  const auto found = between_.find({version, goes_up});
  if (found != between_.end()) {
    states.insert(states.end(), found->second.begin(), found->second.end());
  }
  states.push_back(state_at(goes_up ? version : version - 1));
  return states;
}

// Down and up again by hand, step by step.
void CrashProject::look_between(int version) {
  const CrashVersion& each = set_.at(static_cast<std::size_t>(version - 1));
  if (server_.engine == "sqlite" || (each.up.size() < 2 && each.down.size() < 2)) {
    return;
  }
  for (const bool goes_up : {false, true}) {
    const std::vector<std::string>& steps = goes_up ? each.up : each.down;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      session().run(steps[i]);
      if (i + 1 < steps.size()) {
        between_[{version, goes_up}].push_back(now());
      }
    }
  }
}

void CrashProject::check_after_crash(CrashCount& count, const std::string& where) {
  try {
    migrator().status();
    const std::string fault = history_fault(session());
    if (!fault.empty()) {
      count.bad(where + ": " + fault);
    }
  } catch (const std::exception& error) {
    count.bad(where + ": status says " + error.what());
  }
}

void CrashProject::check_end(int version, int last, const std::string& expected_history, CrashCount& count,
                             const std::string& where) {
  try {
    const RunReport again = run(to_version(versions(), version));
    if (!again.done.empty() || !again.settled.empty() || again.failed) {
      count.bad(where + ": a second run found something to do");
    }
  } catch (const Error& error) {
    count.bad(where + ": a second run says " + describe(error.details()));
  }
  const std::string difference =
      text_difference(state_at(version), now()) + text_difference(expected_history, history(last));
  if (!difference.empty()) {
    count.bad(where + ": " + difference);
  }
}

void CrashProject::forget_above(int version) const {
  database().run("DELETE FROM toolkit_history WHERE version > " + std::to_string(version));
}

void CrashProject::start_over(int version) {
  disconnect();
  project_.reset();
  project_ = std::make_unique<Project>(server_, files_of(set_));
  run(Request::up());
  run(Request::down_to(version));
}

}  // namespace toolkit::test
