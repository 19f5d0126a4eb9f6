#include "verify_parity.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace toolkit {

namespace {

/// What the comments of a file say, in one line.
std::string comment_of(const std::string& text) {
  std::string said;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(" \t-#/*");
    const std::size_t end = line.find_last_not_of(" \t\r*/");
    const bool is_comment = line.starts_with("--") || line.starts_with('#') || line.starts_with("/*");
    if (is_comment && begin != std::string::npos && line.find("toolkit:") != begin) {
      said += (said.empty() ? "" : " ") + line.substr(begin, end - begin + 1);
    }
  }
  return said;
}

/// The catalog is set at the end only.
bool has_ended(const EngineReport& engine) { return !engine.migrated.dialect.empty(); }

ParitySide side_of(const EngineReport& engine, const MigrationSet& set) {
  ParitySide side{engine.engine, engine.migrated, true, {}};
  for (const Migration& migration : set.migrations) {
    side.versions.push_back({migration.version, migration.name});
  }
  return side;
}

void add_notes(const EngineReport& engine, const MigrationSet& set, std::vector<std::string>& notes) {
  for (const Migration& migration : set.migrations) {
    if (migration.up.is_empty()) {
      const std::string comment =
          migration.up.steps.empty() ? "" : comment_of(migration.up.steps.front().file_text);
      notes.push_back(migration.digits + "_" + migration.name + " does nothing on " + engine.engine +
                      (comment.empty() ? "" : ": " + comment));
    }
  }
}

}  // namespace

VerifyParity verify_parity(const Registry& dialects, const std::vector<EngineReport>& engines,
                           const VerifyOptions& options) {
  VerifyParity result;
  std::vector<ParitySide> sides;
  const MigrationFolder folder = read_folder(options.migrator.folder);
  for (const EngineReport& engine : engines) {
    if (!has_ended(engine)) {
      continue;
    }
    const Dialect& dialect = dialects.for_flavour(engine.flavour);
    // The server decided the flavour: a mysql:// URL may have reached a MariaDB.
    const std::string& flavour = engine.migrated.dialect;
    const MigrationSet set =
        load_set(folder, flavour, dialect.script_syntax(flavour, options.migrator.sql_mode));
    sides.push_back(side_of(engine, set));
    add_notes(engine, set, result.notes);
  }
  if (sides.size() < 2) {
    result.notes.clear();
    result.reason = engines.size() < 2 ? "there is one engine only, and nothing to hold it against"
                                       : "fewer than two engines came to the end";
    return result;
  }
  result.report = compare_sides(sides, options.allowances);
  result.result = result.report.ok() ? CheckResult::pass : CheckResult::fail;
  return result;
}

}  // namespace toolkit
