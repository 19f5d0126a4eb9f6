#pragma once

#include "toolkit/script.hpp"

namespace toolkit::postgresql {

/// Pure. The lexical facts of PostgreSQL 12 to 18 with standard_conforming_strings on, its default since 9.1.
ScriptSyntax script_syntax();

}  // namespace toolkit::postgresql
