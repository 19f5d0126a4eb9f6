#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toolkit/catalog.hpp"
#include "toolkit/file_name.hpp"

/// Parity: whether databases of different dialects hold the same logical schema. Types are mapped to classes
/// first; what counts as equal, and why, is the table in docs/parity.md, and each of its rows has a test.
namespace toolkit {

class Registry;
struct DatabaseUrl;
struct MigratorOptions;

/// A version that a database has applied, or a set holds.
struct ParityVersion {
  Version version = 0;
  std::string name;
};

/// One database of a comparison.
struct ParitySide {
  std::string label;  ///< how reports call it: `postgresql`, `mysql at host/app`
  Catalog catalog;
  bool has_history = false;             ///< `versions` says what is applied; else versions are not compared
  std::vector<ParityVersion> versions;  ///< by version
};

/// One item in which a side does not hold what the reference does.
struct ParityDifference {
  std::string rule;          ///< stable and short: `type`, `nullable`, `index-direction`; see `parity_rules`
  std::string object;        ///< `table apps, column name`
  std::string in_reference;  ///< in the reference's own words (native type, expression); empty: not there
  std::string in_other;
  bool is_note = false;  ///< told, but no failure: what one of the two cannot say, or cannot be decided
  bool operator==(const ParityDifference&) const = default;
};

/// A difference that is meant. From `[[parity.allow]]` of toolkit.toml, or made by a caller.
struct ParityAllowance {
  std::string item;                   ///< `OBJECT: RULE`, an OBJECT, or a RULE; `*` stands for any characters
  std::vector<std::string> dialects;  ///< one or two that a comparison must be of; empty: any
  std::string reason;                 ///< never empty
  std::string place;                  ///< `toolkit.toml:12`, for messages; may be empty
};

/// A difference that an allowance takes, with its reason.
struct AllowedDifference {
  ParityDifference difference;
  std::string reason;
};

/// One side held against the reference.
struct ParityComparison {
  std::string reference;  ///< labels
  std::string other;
  std::string reference_dialect;  ///< flavours
  std::string other_dialect;
  std::vector<ParityDifference> differences;  ///< by table, column first; what is not allowed
  std::vector<AllowedDifference> allowed;
  bool ok() const;  ///< every difference is a note
};

struct ParityReport {
  std::vector<ParityComparison> comparisons;  ///< each side but the first, in their order
  std::vector<ParityAllowance> stale;  ///< allowances that took nothing though their dialects took part
  bool ok() const;                     ///< every comparison is, and no allowance is stale
};

/// Pure. What of `other` differs from `reference` after type mapping, in the order of the reference's
/// catalog, then what only `other` has. Works for two catalogs of one dialect as well (two flavours, two
/// versions of a server); then types are held against each other as they are written.
std::vector<ParityDifference> parity(const Catalog& reference, const Catalog& other);

/// Pure. The same for applied versions: one that is missing on a side, or has another name there.
std::vector<ParityDifference> version_parity(const std::vector<ParityVersion>& reference,
                                             const std::vector<ParityVersion>& other);

/// Pure. Holds each side against the first one, and takes out what is allowed. Requires: two sides or more.
ParityReport compare_sides(const std::vector<ParitySide>& sides,
                           const std::vector<ParityAllowance>& allowances);

/// Pure. Whether the allowance takes this difference between databases of these dialects.
bool allows(const ParityAllowance& allowance, const ParityDifference& difference,
            std::string_view reference_dialect, std::string_view other_dialect);

/// Pure. Whether the allowance speaks of something that one of the sides has: an item that names a table
/// which none of them has says nothing of these databases. True for a rule, and for an item with `*`.
bool concerns(const ParityAllowance& allowance, const std::vector<ParitySide>& sides);

/// Pure. For a person, on one line: `table apps, column name: type is varchar(64) on mysql, text on
/// postgresql`; `table apps, index (name): missing on sqlite, (name) on postgresql`.
std::string describe(const ParityDifference& difference, const std::string& reference,
                     const std::string& other);

/// Opens the database for reading only and reads its catalog and its applied versions. Never writes, never
/// creates an SQLite file. Of `options` it takes the place of the history, the timeouts and `stop`. The label
/// is the flavour. Throws Error(connection, server, configuration, interrupted).
ParitySide read_parity_side(const Registry& dialects, const DatabaseUrl& url, const MigratorOptions& options);

/// Pure. Every rule's name, in the order of docs/parity.md; `toolkit.toml` may allow a rule as a whole.
const std::vector<std::string>& parity_rules();

}  // namespace toolkit
