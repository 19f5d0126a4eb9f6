#include "connection.hpp"
#include "schema_reader.hpp"

namespace toolkit::sqlite {

namespace {

class SqliteCatalogReader final : public CatalogReader {
 public:
  SqliteCatalogReader(SqliteConnection& connection, const CatalogScope& scope)
      : connection_(&connection), reader_(scope) {}

  Catalog read() override {
    Rows rows = connection_->query(schema_text_sql, {}, 1);
    Catalog catalog = reader_.read(std::move(rows.at(0).at(0).value()));
    catalog.server = connection_->server().product + " " + connection_->server().version;
    return catalog;
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
