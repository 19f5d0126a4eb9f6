#pragma once

#include <string>
#include <string_view>

#include "toolkit/dialect.hpp"

namespace toolkit {

/// Pure. The name of a table as catalogs show it, for a statement. Where a catalog holds several schemas
/// (PostgreSQL), `"App Two".t` is a table of a schema, and parts that need quotes are shown in them;
/// elsewhere the whole is one name.
std::string quoted_table(const Dialect& dialect, std::string_view shown);

/// Pure. The word that names a table in a statement, in capitals: USERS for `app.users` and for `users`.
std::string last_part(std::string_view shown);

}  // namespace toolkit
