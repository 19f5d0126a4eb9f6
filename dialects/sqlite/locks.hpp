#pragma once

#include <vector>

#include "toolkit/unit_of_work.hpp"

namespace toolkit::sqlite {

/// Pure. What a version takes, for reports: the whole file is one writer's from its first statement, and
/// nobody reads it while COMMIT writes (sqlite.org/lockingv3.html), so it is EXCLUSIVE once; and each table
/// that is written anew: by DROP COLUMN, by VACUUM, and by the steps of a rebuild (its name dropped, another
/// table renamed to it). Nothing for a version without a statement.
std::vector<LockTaken> locks_of(const Task& task);

}  // namespace toolkit::sqlite
