#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/migration_set.hpp"
#include "toolkit/script.hpp"

/// The fresh schema: a file beside the migrations that installs everything at once.
namespace toolkit {

/// A fresh schema taken apart: `-- toolkit: schema-version V` and statements.
struct SchemaFile {
  std::string path;
  std::string text;
  Version version = 0;  ///< the newest version that it contains
  std::string digits;   ///< as the file writes it
  std::vector<StatementRange> statements;
};

/// Pure. Throws Error(files) at its place for what `scan_script` and `parse_directives` refuse, a text
/// without the line `-- toolkit: schema-version V`, and directives that mean nothing in a file that is loaded
/// as a whole (no-transaction, timeouts). `path` is used in messages only.
SchemaFile parse_schema_file(std::string text, const ScriptSyntax& syntax, const std::string& path);

/// Pure. The version that a fresh schema says it contains; nothing where the line is missing. Throws
/// Error(files) as `scan_script` and `parse_directives`.
std::optional<Version> schema_version_of(std::string_view text, const ScriptSyntax& syntax,
                                         const std::string& path);

/// Pure. The path of the reserved file `stem` (schema, base) for a flavour, best level first: exact >
/// fallback > shared (`schema.mariadb.sql`, `schema.mysql.sql`, `schema.sql`). Empty when there is none.
std::string reserved_file(const MigrationFolder& folder, std::string_view stem, std::string_view flavour);

}  // namespace toolkit
