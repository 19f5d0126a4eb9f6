#pragma once

#include "toolkit/history.hpp"

namespace toolkit::postgresql {

/// Pure. *Persistent, held by tests/unit/history_sql_postgresql_test.cpp.* The claims, `advance`, `finish`
/// and `take_back` raise 22012 (division by zero) when they changed no row: in a pipeline the next statement
/// is already on its way. `advance` and `finish` of a claim without a mark also ask that the row was written
/// by the current transaction, so they notice a statement that ended it.
///
/// How `create` is run: each text by `Connection::execute`; CREATE TABLE IF NOT EXISTS may raise 23505 or
/// 42P07 when two runners create at once, so an error counts only when the table cannot be read after it.
HistorySql history_sql(const HistoryPlace& place);

}  // namespace toolkit::postgresql
