#include "toolkit/schema_file.hpp"

#include <utility>

#include "toolkit/dialect_names.hpp"
#include "toolkit/directive.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

/// It is loaded as a whole, so nothing can be said of a single statement.
void refuse_directives_of_migrations(const ScannedScript& script, std::string_view text,
                                     const std::string& path) {
  for (const DirectiveLine& line : script.directives) {
    if (line.word == "no-transaction" || line.word == "lock-timeout" || line.word == "statement-timeout") {
      throw error_at(ErrorKind::files, "the directive '" + line.word + "' belongs into a migration file only",
                     path, text, line.offset, "a fresh schema is loaded as a whole; remove the line");
    }
  }
}

}  // namespace

SchemaFile parse_schema_file(std::string text, const ScriptSyntax& syntax, const std::string& path) {
  ScannedScript script = scan_script(text, syntax, path);
  const Directives directives = parse_directives(script, text, path, DirectivePlace::schema);
  refuse_directives_of_migrations(script, text, path);
  if (!directives.schema_version) {
    throw error_at(ErrorKind::files, "the line '-- toolkit: schema-version V' is missing", path, text,
                   script.bom_size,
                   "let the file begin with it; V is the newest version that this schema contains");
  }
  SchemaFile file;
  file.path = path;
  file.version = parse_version(*directives.schema_version).value();
  file.digits = *directives.schema_version;
  file.statements = std::move(script.statements);
  file.text = std::move(text);
  return file;
}

std::optional<Version> schema_version_of(std::string_view text, const ScriptSyntax& syntax,
                                         const std::string& path) {
  const Directives directives =
      parse_directives(scan_script(text, syntax, path), text, path, DirectivePlace::schema);
  return directives.schema_version ? parse_version(*directives.schema_version) : std::nullopt;
}

std::string reserved_file(const MigrationFolder& folder, std::string_view stem, std::string_view flavour) {
  std::string fallback;
  for (const DialectName& known : known_dialect_names()) {
    fallback = known.name == flavour ? known.fallback : fallback;
  }
  for (const std::string& level : {std::string(flavour), fallback, std::string()}) {
    const std::string name = std::string(stem) + (level.empty() ? "" : "." + level) + ".sql";
    if (const auto file = folder.reserved.find(name); file != folder.reserved.end()) {
      return file->second;
    }
  }
  return {};
}

}  // namespace toolkit
