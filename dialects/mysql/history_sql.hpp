#pragma once

#include <string>

#include "toolkit/history.hpp"

namespace toolkit::mysql {

/// Pure. "`a`", quotes doubled.
std::string quoted(std::string_view identifier);

/// Pure. *Persistent: the tables these texts make; held by tests/unit/history_sql_mysql_test.cpp.*
///
/// The writes of a run take `:lock_name` besides the values of `claim_parameters` and its siblings: they
/// change nothing unless this session holds that lock (an empty name switches this fence off). `advance`
/// takes `:mark` too: the intent of the next step is committed by the write that ends the one before.
/// Timestamps are the server's clock in UTC, whatever the session's time zone says.
HistorySql history_sql(const HistoryPlace& place);

/// The one write by which a run of versions in one direction goes on: "n is applied" and "n+1 is applying",
/// "n is reverted" and "n-1 is reverting". Plain names are the values of n's claim with the `:state` and
/// `:step` of its end; the values of the next claim have the prefix `next_`. With the lock lost it changes
/// nothing (0 rows); it raises 1242 without changing anything when the claim of n is not this run's any
/// more or the next version cannot be claimed. Requires: the two versions differ.
struct ChainSql {
  std::string ups;    ///< 3 rows for a new version, 4 for one that was pending or reverted
  std::string downs;  ///< 2 rows (CLIENT_FOUND_ROWS); 1 when one of the two rows does not exist
};
ChainSql chain_sql(const HistoryPlace& place);

}  // namespace toolkit::mysql
