#pragma once

#include <set>
#include <string>
#include <string_view>

namespace toolkit::sqlite {

/// What a text in double quotes may stand for in a view or a trigger.
struct NameScope {
  std::set<std::string> columns;  ///< in small letters: of the tables that the text reads and writes
  bool is_whole = false;  ///< no other column can be meant: false where it reads a view, a function …
};

/// Pure. What a text of a view or a trigger reads and writes, in small letters: what stands behind FROM,
/// JOIN, INTO and UPDATE; the alias of a WITH is among it.
std::set<std::string> sources_of(std::string_view text);

/// Pure. Text of a view or a trigger as RENAME leaves it when it goes there and back. ALTER TABLE RENAME
/// writes quotes around names of tables, and around columns where the statement has some; and from 3.36 on
/// RENAME COLUMN writes every string that stands in double quotes in single ones (seen on 3.40). So names
/// lose quotes that they do not need, and what can be nothing but a string gets single quotes; all other
/// bytes stay.
std::string with_plain_names(std::string_view text, const NameScope& scope);

}  // namespace toolkit::sqlite
