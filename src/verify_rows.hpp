#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compare_rows.hpp"
#include "sample_values.hpp"
#include "toolkit/connection.hpp"
#include "toolkit/migration_set.hpp"
#include "verify_given_rows.hpp"

/// Sample rows in the tables that versions work on: put in before a version runs, compared afterwards.
namespace toolkit {

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

  /// Tables that get no rows until this is said again; the last part of their names, upper case.
  void leave_out(std::set<std::string> tables) { left_out_ = std::move(tables); }

  /// Reads the rows of the tables that a version may touch: those that its statements name, those that
  /// changed between the catalogs, and those that hang on them by foreign keys or triggers.
  std::map<std::string, TableRows> read(const Catalog& catalog, const std::set<std::string>& tables);
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
  /// Nothing where the server refuses; the table is then not covered.
  std::optional<Rows> try_query(const std::string& table, const std::string& query, int columns);
  void remember_keys(const CatalogObject& table);

  Connection* connection_;
  const Dialect& dialect_;
  std::uint64_t seed_;
  std::unique_ptr<GivenRows> given_;
  std::set<std::string> left_out_;
  std::map<std::string, std::shared_ptr<const CatalogObject>>
      filled_;                        ///< as the table was when it was filled
  std::map<std::string, int> count_;  ///< sample rows made for it
  std::map<std::string, std::string> not_covered_;
  SampleKeys keys_;
};

}  // namespace toolkit
