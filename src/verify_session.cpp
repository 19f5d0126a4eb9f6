#include "verify_session.hpp"

#include <algorithm>

namespace toolkit {

VerifySession::VerifySession(const Dialect& dialect, const DatabaseUrl& url, const MigratorOptions& options) {
  parts_.dialect = &dialect;
  parts_.url = url;
  parts_.options = options;
  parts_.options.read_only = false;
  parts_.options.place = {};
  SilentObserver silent;
  parts_.open();
  lock_ = parts_.take_lock(silent);
  parts_.create_history();
  context_ = parts_.make_context();
  reader_ = parts_.open().catalog_reader({parts_.place, {}});
}

void VerifySession::run(const Migration& migration, Direction direction) {
  SilentObserver silent;
  run(migration, direction, *context_, silent);
}

void VerifySession::run(const Migration& migration, Direction direction, LockReporting locks,
                        RunObserver& observer) {
  RunContext context = *context_;
  context.locks = locks;
  run(migration, direction, context, observer);
}

void VerifySession::run(const Migration& migration, Direction direction, const RunContext& context,
                        RunObserver& observer) {
  PlanOptions each;
  each.transaction = TransactionMode::each;
  for (const PlannedUnit& unit :
       group_tasks({plan_task(migrations(), migration, direction, 1, dialect())}, each, dialect().traits())) {
    parts_.open().run(unit.work, context, observer);
  }
}

Catalog VerifySession::catalog() {
  Catalog catalog = reader_->read();
  if (first_defaults_) {
    say_changed_defaults(catalog, *first_defaults_, defaults());
  }
  return catalog;
}

void run_script_file(Connection& connection, const Dialect& dialect, const std::string& path,
                     const MigratorOptions& options) {
  const std::string text = read_file(path, options.folder.file_size_limit);
  const ScriptSyntax syntax = dialect.script_syntax(connection.server().flavour, options.sql_mode);
  for (const StatementRange& range : scan_script(text, syntax, path).statements) {
    try {
      connection.execute(std::string_view(text).substr(range.begin, range.end - range.begin));
    } catch (const Error& failure) {
      ErrorDetails details = failure.details();
      const LineAt at = line_at(text, range.begin);
      details.position = {path, at.line, at.column};
      details.source_line = at.text;
      throw Error(std::move(details));
    }
  }
}

}  // namespace toolkit
