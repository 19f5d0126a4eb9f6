#include "toolkit/migration_set.hpp"

#include <algorithm>

#include "toolkit/checksum.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

Step load_step(const MigrationFile& file, const ScriptSyntax& syntax, std::uintmax_t size_limit) {
  Step step;
  step.path = file.path;
  step.number = std::max(1, file.name.step);
  step.file_text = read_file(file.path, size_limit);
  const ScannedScript scanned = scan_migration(step.file_text, syntax, file.path);
  const bool up = file.name.direction == Direction::up;
  step.directives =
      parse_directives(scanned, step.file_text, file.path, up ? DirectivePlace::up : DirectivePlace::down);
  step.checksum = checksum_of_text(step.file_text);
  if (!scanned.statements.empty()) {
    const StatementRange& statement = scanned.statements.front();
    step.offset = statement.send_begin;
    step.sql = step.file_text.substr(statement.send_begin, statement.end - statement.send_begin);
    step.first_token = statement.begin - statement.send_begin;
  }
  return step;
}

void check_empty(const Step& step, bool shared) {
  if (step.sql.empty() && shared && !step.directives.irreversible) {
    throw error_at(ErrorKind::files, "a shared file needs a statement", step.path, step.file_text, 0,
                   "only a dialect's own file may say 'nothing to do here'");
  }
}

Script load_script(const Choice& choice, const ScriptSyntax& syntax, std::uintmax_t size_limit) {
  Script script;
  script.level = choice.level;
  std::vector<std::string> checksums;
  for (const MigrationFile& file : choice.files) {
    Step step = load_step(file, syntax, size_limit);
    check_empty(step, choice.level == "shared");
    if (step.directives.irreversible) {
      script.irreversible = step.directives.irreversible;
    }
    checksums.push_back(step.checksum);
    script.steps.push_back(std::move(step));
  }
  script.checksum = checksum_of_steps(checksums);
  return script;
}

// An explicit [migrations] dialects is a promise of what the set is for; a fallback keeps it (mariadb by
// mysql).
void refuse_foreign_dialect(const MigrationFolder& folder, const std::string& dialect) {
  const auto& configured = folder.options.dialects;
  const auto lists = [&configured](const std::string& name) {
    return std::find(configured.begin(), configured.end(), name) != configured.end();
  };
  const bool by_fallback =
      std::any_of(known_dialect_names().begin(), known_dialect_names().end(), [&](const DialectName& known) {
        return known.name == dialect && !known.fallback.empty() && lists(known.fallback);
      });
  if (!configured.empty() && !lists(dialect) && !by_fallback) {
    throw Error(ErrorKind::configuration, "this set of migrations is not written for " + dialect,
                "add it to [migrations] dialects in toolkit.toml and write its files");
  }
}

void require_pair(const Script& script, const MigrationFile& sibling, const std::string& dialect,
                  Direction direction) {
  if (!script.steps.empty()) {
    return;
  }
  ErrorDetails details;
  details.kind = ErrorKind::files;
  details.position.path = sibling.path;
  details.version = sibling.name.version;
  details.message =
      "version " + sibling.name.digits + " has no " + std::string(to_string(direction)) + " for " + dialect;
  details.advice = "create " + sibling.name.digits + "_" + sibling.name.name + "." + dialect + "." +
                   std::string(to_string(direction)) + ".sql, or a shared one";
  throw Error(std::move(details));
}

}  // namespace

bool Script::is_empty() const {
  return std::all_of(steps.begin(), steps.end(), [](const Step& step) { return step.sql.empty(); });
}

bool Script::no_transaction() const {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return step.directives.no_transaction; });
}

const Migration* MigrationSet::find(Version version) const {
  const auto found = std::lower_bound(migrations.begin(), migrations.end(), version,
                                      [](const Migration& each, Version v) { return each.version < v; });
  return found != migrations.end() && found->version == version ? &*found : nullptr;
}

MigrationSet load_set(const MigrationFolder& folder, const std::string& dialect, const ScriptSyntax& syntax) {
  refuse_foreign_dialect(folder, dialect);
  MigrationSet set;
  set.dialect = dialect;
  for (const MigrationFile& file : folder.files) {
    if (!set.migrations.empty() && set.migrations.back().version == file.name.version) {
      continue;
    }
    Migration migration;
    migration.version = file.name.version;
    migration.digits = file.name.digits;
    migration.name = file.name.name;
    for (const Direction direction : {Direction::up, Direction::down}) {
      Script& script = direction == Direction::up ? migration.up : migration.down;
      script = load_script(choose_files(folder, dialect, file.name.version, direction), syntax,
                           folder.options.file_size_limit);
      require_pair(script, file, dialect, direction);
    }
    set.migrations.push_back(std::move(migration));
  }
  return set;
}

}  // namespace toolkit
