#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "catalog_gather.hpp"
#include "catalog_sql.hpp"
#include "connection.hpp"

namespace toolkit::postgresql {

/// Keeps every top object with a stamp (see catalog_sql.cpp) and reads again only those whose stamp changed,
/// and those whose texts name one that has another name now.
class PostgresqlCatalogReader : public CatalogReader {
 public:
  PostgresqlCatalogReader(PostgresqlConnection& connection, const CatalogScope& scope);
  Catalog read() override;

 private:
  struct Top {
    std::string stamp;
    std::string names;  ///< what texts of others may say of it: schema, name, columns
    std::vector<std::shared_ptr<const CatalogObject>> objects;
    std::vector<std::string> unsupported;
  };
  using Keys = std::set<std::string>;

  Rows ask(const std::string& sql, const Keys& keys, char letter, int columns);
  Rows ask(const std::string& sql, const std::string& oids, int columns);
  std::map<std::string, std::string> stamps();
  Keys take_changes(const std::map<std::string, std::string>& now, bool& everything);
  void read_tops(const Keys& keys, Keys& renamed);
  void read_globals();
  Drafts gather(const Keys& keys);
  void keep(const std::string& key, Draft& draft);
  Keys dependents(const Keys& keys);
  void assemble();

  PostgresqlConnection& connection_;
  CatalogScope scope_;
  CatalogSql sql_;
  std::map<std::string, Top> tops_;
  Top globals_;
  Catalog catalog_;
};

}  // namespace toolkit::postgresql
