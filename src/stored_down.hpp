#pragma once

#include <string>

#include "toolkit/history.hpp"
#include "toolkit/migration_set.hpp"

/// The way back that the history keeps for each version, for a checkout that does not have its files any
/// more.
namespace toolkit {

/// Pure. *Persistent, held by tests/unit/stored_down_test.cpp*: a JSON array, an object per down file:
/// `sql` is the file's canonical text (so that its SHA-256 is the step's checksum), `no_transaction` is what
/// its directive says, and `irreversible` its reason, only where there is one.
std::string down_steps_json(const Script& down);

/// Pure. The reverse: a migration that can only go down. Throws Error(changed) when a text does not have the
/// checksum that the row recorded, Error(server) when it is not JSON of this form.
Migration migration_from_history(const HistoryRow& row, const std::string& down_steps,
                                 const ScriptSyntax& syntax);

}  // namespace toolkit
