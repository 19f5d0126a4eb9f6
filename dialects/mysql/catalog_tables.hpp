#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "catalog_query.hpp"
#include "catalog_table.hpp"
#include "session.hpp"

namespace toolkit::mysql {

/// Beyond this many names the whole database is asked for.
inline constexpr std::size_t longest_list = 300;

/// What is kept of the tables of a database between two reads, and what is asked to keep it true.
class KnownTables {
 public:
  KnownTables(Session& session, CatalogSource source, std::set<std::string> left_out);

  struct Table {
    std::string stamp;
    bool is_certain = false;  ///< the stamp will change when the table does
    std::shared_ptr<const CatalogObject> object;
    std::vector<std::string> unsupported;
    std::set<std::string> parents;  ///< tables that its foreign keys name
    std::string type_of_values;     ///< of a sequence
  };

  /// Asks for the stamps, and for the facts of what they say has changed or cannot vouch for.
  void refresh();

  /// True when the last refresh found another table, or a table otherwise than before.
  bool has_changed() const { return has_changed_; }
  const std::map<std::string, Table>& tables() const { return tables_; }
  const std::vector<std::string>& views() const { return views_; }
  const std::vector<std::string>& sequences() const { return sequences_; }

 private:
  struct Stamp {
    std::string text;
    bool is_certain = false;
  };
  std::map<std::string, Stamp> stamps();
  std::map<std::string, std::string> ids();
  std::vector<std::string> to_read(const std::map<std::string, Stamp>& stamps) const;
  std::map<std::string, TableRows> read_rows(const std::vector<std::string>& names);
  void add_clauses(std::map<std::string, TableRows>& rows);
  void read(const std::vector<std::string>& names, const std::map<std::string, Stamp>& stamps);
  Rows ask(const CatalogQuery& query);

  Session& session_;
  CatalogSource source_;
  std::set<std::string> left_out_;
  bool shows_ids_ = true;
  bool has_changed_ = false;
  std::map<std::string, Table> tables_;
  std::vector<std::string> views_;
  std::vector<std::string> sequences_;
};

}  // namespace toolkit::mysql
