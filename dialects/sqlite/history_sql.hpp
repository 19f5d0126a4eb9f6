#pragma once

#include "toolkit/history.hpp"

namespace toolkit::sqlite {

/// Pure. *Persistent, held by tests/unit/history_sql_sqlite_test.cpp.*
HistorySql history_sql(const HistoryPlace& place);

}  // namespace toolkit::sqlite
