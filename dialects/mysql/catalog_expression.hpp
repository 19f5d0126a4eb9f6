#pragma once

#include <string>
#include <string_view>

namespace toolkit::mysql {

/// What a reader needs to know of the server to understand its texts.
struct CatalogSource {
  bool is_mariadb = false;
  std::string database;
};

/// Pure. A string as a literal that reads the same in every sql_mode with backslash escapes: quotes are
/// doubled, backslashes and controls escaped.
std::string literal(std::string_view text);

/// Pure. The value of a literal with its quotes.
std::string literal_value(std::string_view quoted);

/// Pure. A name as it stands in lists of columns: between backquotes only where it would not be one word.
std::string plain_name(std::string_view name);

/// Pure. MySQL keeps expressions in its dictionary with one more layer of escapes, and what is not ASCII
/// encoded twice (seen with 9.7). MariaDB's come back as they are.
std::string stored_expression(std::string_view text, const CatalogSource& source);

/// Pure. One spelling: literals as `literal` writes them, without the introducer `_utf8mb4`; the database's
/// own name removed; no parentheses around the whole.
std::string normal_expression(std::string_view text, const CatalogSource& source);

/// Pure. As above, and nothing but the database's name is changed: for the definition of a view.
std::string without_database(std::string_view text, const CatalogSource& source);

/// Pure. CURRENT_TIMESTAMP with its precision for `current_timestamp()`, `current_timestamp(6)`, and for
/// `localtimestamp()`, which MariaDB from 11.7 on shows as it was written and older ones as the first (seen
/// on 10.11 and 11.8); LOCALTIME is a time of day there, so another value. Empty for everything else.
std::string current_timestamp(std::string_view text);

}  // namespace toolkit::mysql
