#pragma once

#include <memory>

#include "toolkit/dialect.hpp"

namespace toolkit::mysql {

/// MySQL and MariaDB: one dialect, whose flavour the server decides when a session is opened.
std::unique_ptr<Dialect> make_dialect();

}  // namespace toolkit::mysql
