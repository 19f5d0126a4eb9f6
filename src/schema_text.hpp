#pragma once

#include <string>
#include <vector>

#include "toolkit/file_name.hpp"
#include "toolkit/script.hpp"

/// The text of a fresh schema. Everything here is pure.
namespace toolkit {

/// Puts rows where the tables are there and nothing reacts to them yet: before the first trigger, rule or
/// materialized view; the settings that belong to that statement stay with it.
std::vector<std::string> with_rows(std::vector<std::string> statements, const std::vector<std::string>& rows,
                                   const ScriptSyntax& syntax);

/// The file: `-- toolkit: schema-version V`, a comment that says what it is, the statements. Each ends with
/// `;`; where a client would split a body, it stands between DELIMITER lines. `product` is the server's name
/// without its version. Throws Error(internal) when the scanner does not find the same statements again.
std::string schema_text(Version version, const std::string& product,
                        const std::vector<std::string>& statements, const ScriptSyntax& syntax);

}  // namespace toolkit
