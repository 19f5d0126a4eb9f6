#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "../../dialects/postgresql/dialect.hpp"
#include "../support/servers.hpp"
#include "toolkit/catalog.hpp"
#include "toolkit/error.hpp"

namespace toolkit::test {

inline std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : "\n") + text;
  }
  return all;
}

/// An empty database with a connection under test.
class CatalogDatabase {
 public:
  explicit CatalogDatabase(const TestServer& server)
      : database(server), connection(dialect->open(parse_url(database.url()), {})) {}

  Catalog read() { return connection->catalog_reader({})->read(); }

  void execute(const std::vector<std::string>& statements) {
    for (const std::string& statement : statements) {
      try {
        connection->execute(statement);
      } catch (const Error& error) {
        const std::string what = std::string(error.what()) + "\n" + statement;
        FAIL(what);
      }
    }
  }

  std::unique_ptr<Dialect> dialect = postgresql::make_dialect();
  TestDatabase database;
  std::unique_ptr<Connection> connection;
};

}  // namespace toolkit::test
