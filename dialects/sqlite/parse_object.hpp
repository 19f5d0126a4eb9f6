#pragma once

#include <optional>
#include <string_view>

#include "parse_table.hpp"
#include "program_text.hpp"

namespace toolkit::sqlite {

/// Pure. CREATE [UNIQUE] INDEX, of the table that it belongs to. Nothing for a text that is not understood.
std::optional<CatalogObject> parse_index(std::string_view sql, const ParsedTable& table);

/// Pure. CREATE VIEW: its definition as it was written but for quotes (`with_plain_names`), its own column
/// names as the option `(a, b)`.
std::optional<CatalogObject> parse_view(std::string_view sql, const NameScope& scope = {});

/// Pure. CREATE TRIGGER: head as facts, body as a view's definition.
std::optional<CatalogObject> parse_trigger(std::string_view sql, const NameScope& scope = {});

}  // namespace toolkit::sqlite
