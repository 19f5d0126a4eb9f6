#include <optional>
#include <string>

#include "connection.hpp"
#include "schema_reader.hpp"

namespace toolkit::sqlite {

namespace {

class SqliteCatalogReader final : public CatalogReader {
 public:
  SqliteCatalogReader(SqliteConnection& connection, const CatalogScope& scope)
      : connection_(&connection), reader_(scope) {}

  Catalog read() override {
    const Rows joined = connection_->query(joined_schema_sql, {}, 3);
    const auto& row = joined.at(0);
    std::optional<Catalog> catalog =
        reader_.read_joined(std::stoul(row.at(0).value()), row.at(1).value(), row.at(2).value());
    if (!catalog) {
      catalog = reader_.read_exact(connection_->query(exact_schema_sql, {}, 1).at(0).at(0).value());
    }
    catalog->server = connection_->server().product + " " + connection_->server().version;
    return std::move(*catalog);
  }

 private:
  SqliteConnection* connection_;
  SchemaReader reader_;
};

}  // namespace

std::unique_ptr<CatalogReader> SqliteConnection::catalog_reader(const CatalogScope& scope) {
  return std::make_unique<SqliteCatalogReader>(*this, scope);
}

}  // namespace toolkit::sqlite
