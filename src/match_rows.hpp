#pragma once

#include <map>
#include <string>
#include <vector>

#include "compare_rows.hpp"

/// Which row of one side is which of the other. All pure.
namespace toolkit {

using Row = std::vector<std::string>;

/// A column that both sides have: its places and types.
struct Shared {
  std::string name;
  std::size_t before;
  std::size_t after;
  std::string type_before;
  std::string type_after;
  bool in_key;
  bool is_made_anew;  ///< the statements drop the column: what has its name now tells no rows apart
};

/// Whether a column has the same value in both rows; types may have changed between them.
bool is_same(const Shared& column, const Row& before, const Row& after);

/// Pairs rows of two sides: by the key, or by all that both have where there is none; each row once.
class Matches {
 public:
  /// Both outlive this.
  Matches(const TableRows& before, const TableRows& after, const ColumnMoves& moves);

  const std::vector<Shared>& shared() const { return shared_; }

  /// The row of the other side; nothing when it is gone.
  const Row* take(const Row& before);

  /// Rows that were never taken.
  std::vector<const Row*> rest() const;

 private:
  bool tells_apart(const Shared& column) const { return keyed_ ? column.in_key : !column.is_made_anew; }
  std::string key_text(const Row& row, bool is_before) const;

  std::vector<Shared> shared_;
  bool keyed_;
  bool has_new_type_ = false;
  const TableRows& after_;
  std::multimap<std::string, std::size_t> places_;
};

}  // namespace toolkit
