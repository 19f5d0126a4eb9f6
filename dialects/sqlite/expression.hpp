#pragma once

#include <map>
#include <string>
#include <string_view>

#include "schema_tokens.hpp"

namespace toolkit::sqlite {

/// The columns that an expression may name: lower case -> as the table writes it.
using ColumnNames = std::map<std::string, std::string>;

/// Pure. An expression as it would be written by one hand: no comments, one blank between words, key words in
/// capitals, functions in small letters, columns as their table writes them, quotes only where a name needs
/// them, `<>` and `=`, no parentheses around the whole. Text in double quotes that is no column is the string
/// that SQLite takes it for, and that RENAME COLUMN makes of it; as it is where a subquery may have the
/// column.
std::string normal_expression(CodeTokens tokens, const ColumnNames& columns);

/// Pure. A DEFAULT's value: as `normal_expression`; a bare name is the string that SQLite makes of it. Empty
/// for NULL, which is what a column without a default gets.
std::string normal_default(const CodeTokens& tokens, const ColumnNames& columns);

/// Pure. Whether a normalised default may stand without parentheses.
bool is_plain_default(std::string_view normal);

}  // namespace toolkit::sqlite
