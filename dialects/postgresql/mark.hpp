#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "statement_form.hpp"
#include "toolkit/query.hpp"
#include "toolkit/unit_of_work.hpp"

namespace toolkit::postgresql {

/// An index as the catalog has it.
struct IndexState {
  std::int64_t oid = 0;
  std::string name;       ///< `schema.index`, quoted where needed: can be sent back
  bool is_named = false;  ///< has the name that the statement gives
  bool is_valid = false;
  std::string definition;  ///< as pg_get_indexdef prints it
};

/// The objects that a statement is about, at one moment. Which fields are filled depends on its form.
struct ObjectState {
  std::optional<std::int64_t> oid;  ///< of what the statement names: table, index, database, tablespace
  std::vector<IndexState> indexes;  ///< of the table; for REINDEX SCHEMA and the like the invalid ones of all
  std::optional<std::int64_t> partition;
  bool is_attached = false;
  bool is_pending = false;          ///< detaching was begun and is not at its end
  bool is_invalid = false;          ///< a database whose DROP was interrupted
  std::vector<std::string> values;  ///< of an enum type, in order
};

/// What an intent remembers. *Persistent: the JSON that is written with the intent.*
///
///     {"format":1,"class":"create-index","objects":{"oid":…,"indexes":[{"oid":…,"name":…,…}]}}
///
/// class "transaction": the statement shares its transaction with the end of its claim. `objects` is null for
/// forms without a state. With the intent of a down `before` follows: what the row said of its up, so that a
/// down that the server refuses leaves the row as it was.
struct Mark {
  bool in_transaction = false;
  std::optional<ObjectState> objects;
};

/// Pure. A mark that is none, or another program's, is one without objects.
Mark parse_mark(std::string_view json);

/// Pure. One state, as `state_expression` answers it. Nothing for null.
std::optional<ObjectState> parse_state(std::string_view json);

/// Pure. The state for a person: `public.a_id (invalid)`.
std::string describe(const StatementForm& form, const ObjectState& state);

/// Pure. An SQL expression for the objects of a form at this moment, as JSON text or NULL, with the
/// parameters
/// `:object_relation` and `:object_name`; `NULL` for forms without a state. For our own texts.
std::string state_expression(Form form);

/// Pure. The values of `state_expression`.
Parameters state_parameters(const StatementForm& form);

/// Pure. Whether a step of a version that commits by itself runs alone. The others share a transaction with
/// the end of their claim: what the author did not ask for, and the server does not need, would only be a
/// risk.
bool runs_alone(const Step& step);

/// Pure. A text that writes a claim, with its `:mark` replaced by what computes the mark of `step` on the
/// way: no round trip of its own.
std::string with_mark(const std::string& sql, const Step* step);

}  // namespace toolkit::postgresql
