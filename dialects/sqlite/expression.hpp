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
/// them,
/// `<>` and `=`, no parentheses around the whole. Text in double quotes that is no column stays as it is:
/// SQLite takes it for a string.
std::string normal_expression(CodeTokens tokens, const ColumnNames& columns);

/// Pure. A DEFAULT's value: as `normal_expression`; a bare name is the string that SQLite makes of it. Empty
/// for NULL, which is what a column without a default gets.
std::string normal_default(const CodeTokens& tokens, const ColumnNames& columns);

/// Pure. Whether a normalised default may stand without parentheses.
bool is_plain_default(std::string_view normal);

/// Pure. Text of a view or a trigger with the names of tables freed of quotes that they do not need. ALTER
/// TABLE RENAME writes quotes there, and only where a name of a table stands; all other bytes stay.
std::string with_plain_table_names(std::string_view text);

}  // namespace toolkit::sqlite
