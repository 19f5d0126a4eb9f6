#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

#include "command_context.hpp"
#include "palette.hpp"
#include "toolkit/schema.hpp"

/// What `schema` and `drift` share.
namespace toolkit::cli {

/// The two sides, every difference (notes behind a `note:`), and one sentence. Pure.
std::string comparison_text(const SchemaComparison& comparison, const Traits& traits, bool strict,
                            const Palette& palette);
nlohmann::ordered_json comparison_document(const SchemaComparison& comparison);

/// Prints it in the format asked for; `findings` when something differs that is more than a note.
ExitCode print_comparison(const CommandContext& context, const SchemaComparison& comparison, bool strict);

/// Writes a file in one step: what was there stays until all of it is written. Throws Error(files).
void write_whole_file(const std::string& path, const std::string& text);

/// `--on ENGINE`. Throws Error(usage).
SchemaOptions schema_options(const CommandContext& context, const Settings& settings, const std::string& on);

}  // namespace toolkit::cli
