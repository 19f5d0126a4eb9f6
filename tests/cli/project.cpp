#include "project.hpp"

#include <algorithm>
#include <regex>
#include <sstream>

#include "toolkit/url.hpp"

namespace toolkit::test {

namespace {

namespace fs = std::filesystem;

std::string with_error_marks(const std::string& text) {
  std::istringstream lines(text);
  std::string marked;
  for (std::string line; std::getline(lines, line);) {
    marked += "! " + line + "\n";
  }
  return marked;
}

/// What differs between servers and sessions: their version, their process numbers, the figures of a JSON
/// document.
std::string without_server(std::string text) {
  static const std::vector<std::pair<std::regex, std::string>> replacements = {
      {std::regex(R"((PostgreSQL|MySQL|MariaDB|SQLite) \d+(\.\d+)+)"), "$1 VERSION"},
      {std::regex(R"(toolkit \d+\.\d+\.\d+|toolkit: \d+\.\d+\.\d+)"), "toolkit VERSION"},
      {std::regex(R"(by \S+@\S+ \d+ at)"), "by USER@HOST PID at"},
      {std::regex(R"(of \S+@localhost(:\d+)?)"), "of USER@HOST"},
      // A server names a loopback client by address, by name or, over its socket, not at all.
      {std::regex(R"(\b(session|connection) \d+ of [^\s,;]+)"), "$1 N of USER@HOST"},
      // A socket's path or a loopback address, as the server of the run has it.
      {std::regex(R"(cannot connect to (127\.0\.0\.1:\d+|SOCKET|/\S+):)"), "cannot connect to SERVER:"},
      {std::regex(R"re(to server (on socket "[^"]*"|at "[^"]*", port \d+))re"), "to server SERVER"},
      {std::regex(R"(\(user [^,)]+)"), "(user USER"},
      {std::regex(R"(\b(process|connection|session|thread) \d+)"), "$1 N"},
      {std::regex(R"re("(duration_ms|waited_ms)": \d+)re"), "\"$1\": N"},
      {std::regex(R"(dialects: [a-z, ]+)"), "dialects: DIALECTS"},
      // The same words of several versions of MariaDB and of the two client libraries.
      {std::regex(R"(`NAME`\.`(\w+)`)"), "'$1'"},
      // PostgreSQL 13 and newer name the table too.
      {std::regex(R"re( of relation \\?"\w+\\?" violates not-null)re"), " violates not-null"},
      {std::regex(R"(in 'INSERT INTO')"), "in 'field list'"},
      {std::regex(R"(onnect(ion)? to (MySQL |local )?server)"), "onnect$1 to server"}};
  for (const auto& [pattern, word] : replacements) {
    text = std::regex_replace(text, pattern, word);
  }
  return text;
}

std::string table_query(const TestDatabase& database) {
  const bool postgresql = database.server().engine == "postgresql";
  return "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema " +
         (postgresql ? std::string("NOT IN ('pg_catalog', 'information_schema')")
                     : "= '" + database.name() + "'") +
         " ORDER BY 1, 2";
}

std::string text_of(const std::vector<TextRow>& rows) {
  std::string text;
  for (const TextRow& row : rows) {
    for (const std::string& field : row) {
      text += field + " | ";
    }
    text += "\n";
  }
  return text;
}

std::string state_of(const TestDatabase& database) {
  if (database.server().engine == "sqlite") {
    return fs::exists(database.name()) ? read_file(database.name()) : "no file\n";
  }
  const std::vector<TextRow> tables = database.rows(table_query(database));
  const bool has_history = std::any_of(tables.begin(), tables.end(),
                                       [](const TextRow& row) { return row[1] == "toolkit_history"; });
  return text_of(tables) + (has_history
                                ? text_of(database.rows("SELECT * FROM toolkit_history ORDER BY version")) +
                                      text_of(database.rows("SELECT * FROM toolkit_log"))
                                : "");
}

std::string state_of(const fs::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::file_status status = entry.symlink_status();
    constexpr std::uintmax_t readable = 1U << 20U;
    const bool readable_file = fs::is_regular_file(status) && entry.file_size() <= readable &&
                               (status.permissions() & fs::perms::owner_read) != fs::perms::none;
    lines.push_back(entry.path().string() + ": " + (readable_file ? read_file(entry.path()) : "") + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

}  // namespace

Project::Project(const TestServer& server, const FileTree& migrations) : database_(server) {
  fs::create_directory(folder() / "migrations");
  write(migrations);
  const DatabaseUrl url = parse_url(database_.url());
  hidden_ = {{url.display(), "DATABASE"}, {database_.name(), "NAME"}, {folder().string(), "FOLDER"}};
  for (const char* option : {"socket", "host"}) {
    if (const auto socket = url.options.find(option); socket != url.options.end()) {
      hidden_.emplace_back(socket->second, "SOCKET");
    }
  }
}

void Project::write(const FileTree& migrations) { write_files(folder() / "migrations", migrations); }

void Project::remove(const std::string& migration) { fs::remove(folder() / "migrations" / migration); }

Command Project::command(std::vector<std::string> arguments,
                         std::map<std::string, std::string> environment) const {
  Command command;
  command.arguments = std::move(arguments);
  command.environment = std::move(environment);
  command.environment.try_emplace("TOOLKIT_DATABASE_URL", database_.url());
  command.working_folder = folder();
  return command;
}

Outcome Project::run(std::vector<std::string> arguments,
                     std::map<std::string, std::string> environment) const {
  return run_command(command(std::move(arguments), std::move(environment)));
}

std::string Project::shown(const std::vector<std::string>& arguments,
                           std::map<std::string, std::string> environment) {
  const Outcome outcome = run(arguments, std::move(environment));
  return shown(arguments, outcome);
}

std::string Project::shown(const std::vector<std::string>& arguments, const Outcome& outcome) const {
  std::string text = "$ toolkit";
  for (const std::string& argument : arguments) {
    text += " " + argument;
  }
  text += "\n" + outcome.out + (outcome.out.empty() || outcome.out.ends_with('\n') ? "" : "\n");
  text += with_error_marks(outcome.err);
  text += outcome.signal != 0 ? "[signal " + std::to_string(outcome.signal) + "]\n"
                              : "[exit " + std::to_string(outcome.exit_code) + "]\n";
  return without_server(normalised(text, hidden_));
}

std::string Project::shown_all(const std::vector<std::vector<std::string>>& commands) {
  std::string text;
  for (const std::vector<std::string>& arguments : commands) {
    text += shown(arguments) + "\n";
  }
  return text;
}

std::string Project::state() const { return state_of(database_) + state_of(folder()); }

FileTree pairs(const std::vector<std::string>& names) {
  FileTree files;
  for (const std::string& name : names) {
    const std::string table = name.substr(name.find('_') + 1);
    files[name + ".up.sql"] = "CREATE TABLE " + table + " (id INTEGER NOT NULL PRIMARY KEY);\n";
    files[name + ".down.sql"] = "DROP TABLE " + table + ";\n";
  }
  return files;
}

std::string without_server_notes(const std::string& shown) {
  static const std::regex number("ok       server: [^\n]*\n");
  static const std::regex text("warning  (?!rights|lock)[^\n]*\n(         [^\n]*\n)?");
  static const std::regex json(
      "(\"subject\": \"server\",\n[^}]*\"message\": )\"[^\"]*\"([^}]*\\},\n)"
      "( *\\{\n *\"subject\": \"(?!lock\")[^}]*\\},\n)*");
  const std::string plain =
      std::regex_replace(std::regex_replace(shown, number, "ok       server: NOTES\n"), text, "");
  return std::regex_replace(plain, json, "$1\"NOTES\"$2");
}

std::string difference_from(const std::string& name, const std::string& actual) {
  return golden_difference(fs::path(TOOLKIT_SOURCE_DIR) / "tests/cli/expected" / (name + ".txt"), actual);
}

}  // namespace toolkit::test
