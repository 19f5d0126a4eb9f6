#pragma once

#include "toolkit/script.hpp"

namespace toolkit::sqlite {

/// Pure. The lexical facts of SQLite 3.31 and later.
ScriptSyntax script_syntax();

}  // namespace toolkit::sqlite
