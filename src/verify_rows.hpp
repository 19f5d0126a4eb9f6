#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sample_values.hpp"
#include "toolkit/connection.hpp"
#include "toolkit/migration_set.hpp"
#include "verify_given_rows.hpp"

/// Sample rows in the tables that versions work on: put in before a version runs, compared afterwards.
namespace toolkit {

/// The rows of one table as text, by the text of their key.
struct TableRows {
  std::vector<std::string> columns;
  std::map<std::string, std::vector<std::string>> by_key;
  std::map<std::string, std::string> types;  ///< of the columns, as they were
};

/// What happened to rows.
struct RowFinding {
  std::string table;
  std::string text;        ///< one sentence with an example row
  bool is_stated = false;  ///< the statement says that it removes or changes rows: a note
};

class SampleRows {
 public:
  /// `given` may be null: rows that people supply.
  SampleRows(Connection& connection, const Dialect& dialect, std::uint64_t seed,
             std::unique_ptr<GivenRows> given)
      : connection_(&connection), dialect_(dialect), seed_(seed), given_(std::move(given)) {}

  /// Goes on with another connection, to a database with the same rows.
  void use(Connection& connection) { connection_ = &connection; }

  /// Puts rows into every table that is new, or has changed since the last call, and takes them. A table
  /// whose rows the server refuses is not covered. Parents come first.
  void fill(const Catalog& catalog);

  /// Reads the rows of the tables that a version may touch: those that its statements name, those that
  /// changed between the catalogs, and those that hang on them by foreign keys or triggers.
  std::map<std::string, TableRows> read(const Catalog& catalog, const std::set<std::string>& tables) const;
  std::set<std::string> concerned(const Catalog& before, const Catalog& after, const Script& up,
                                  const Script& down) const;

  /// Tables without rows, and why.
  const std::map<std::string, std::string>& not_covered() const { return not_covered_; }
  std::size_t covered() const { return filled_.size(); }
  /// A sentence for each supplied row that the database never took.
  std::vector<std::string> given_but_refused() const;

 private:
  void fill_table(const CatalogObject& table);
  bool insert(const CatalogObject& table, const SampleRow& row);
  void remember_keys(const CatalogObject& table);

  Connection* connection_;
  const Dialect& dialect_;
  std::uint64_t seed_;
  std::unique_ptr<GivenRows> given_;
  std::map<std::string, std::shared_ptr<const CatalogObject>>
      filled_;                        ///< as the table was when it was filled
  std::map<std::string, int> count_;  ///< sample rows made for it
  std::map<std::string, std::string> not_covered_;
  SampleKeys keys_;
};

/// Pure. The rows of `before` that `after` still has with the same values, in the columns that both have.
TableRows common_rows(const TableRows& before, const TableRows& after);

/// Pure. What differs for rows that should still be there; columns that exist on both sides are compared. A
/// value that a new type writes in another way (1.5 and 1.50, t and 1) is the same.
std::vector<RowFinding> compare_rows(const std::map<std::string, TableRows>& before,
                                     const std::map<std::string, TableRows>& after, const Script& script,
                                     const ScriptSyntax& syntax);

}  // namespace toolkit
