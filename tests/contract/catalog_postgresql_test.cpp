#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "../../dialects/postgresql/script_syntax.hpp"
#include "catalog_postgresql_fixture.hpp"
#include "toolkit/catalog.hpp"
#include "toolkit/diff.hpp"
#include "toolkit/migrate.hpp"
#include "toolkit/registry.hpp"
#include "toolkit/script.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

const std::filesystem::path source = TOOLKIT_SOURCE_DIR;

std::string file_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> statements_of(const std::string& text, const std::string& path) {
  std::vector<std::string> statements;
  for (const StatementRange& range : scan_script(text, postgresql::script_syntax(), path).statements) {
    statements.push_back(text.substr(range.begin, range.end - range.begin));
  }
  return statements;
}

std::string differences(const Catalog& expected, const Catalog& actual) {
  std::string text;
  for (const Difference& each : diff(expected, actual)) {
    text += describe(each) + "\n";
  }
  return text;
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + ";\n\n";
  }
  return text;
}

/// catalog -> statements -> an empty database -> an equal catalog, byte for byte as text.
void prove(const TestServer& server, CatalogDatabase& original) {
  const Catalog expected = original.read();
  CHECK_FALSE(expected.objects.empty());
  const std::vector<std::string> statements = original.dialect->render(expected);
  INFO(joined_lines(statements));
  CatalogDatabase copy(server);
  copy.execute(statements);
  const Catalog actual = copy.read();
  CHECK(differences(expected, actual) == "");
  CHECK(catalog_text(actual) == catalog_text(expected));
  CHECK(actual.unsupported == expected.unsupported);
  CHECK(copy.dialect->render(actual) == statements);
  CHECK(catalog_text(read_catalog_text(catalog_text(expected), "catalog")) == catalog_text(expected));
}

std::vector<std::filesystem::path> fixtures() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(source / "tests/fixtures/schemas/postgresql")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// `-- since 15` in the first line.
bool is_for(const std::string& text, const Connection& connection) {
  const std::string words = "-- since ";
  return !text.starts_with(words) ||
         connection.server().version_number / 10'000 >= std::stoi(text.substr(words.size()));
}

}  // namespace

TEST_SUITE_BEGIN("postgresql catalog" * doctest::skip(!is_server_expected("postgresql")));

TEST_CASE("postgresql catalog: every fixture makes itself again") {
  for (const TestServer& server : test_servers("postgresql")) {
    for (const std::filesystem::path& path : fixtures()) {
      SUBCASE((server.label + ", " + path.stem().string()).c_str()) {
        CatalogDatabase original(server);
        const std::string text = file_text(path);
        if (is_for(text, *original.connection)) {
          original.execute(statements_of(text, path.string()));
          prove(server, original);
        }
      }
    }
  }
}

TEST_CASE("postgresql catalog: the reference set makes itself again, without our own tables") {
  for (const TestServer& server : test_servers("postgresql")) {
    SUBCASE(server.label.c_str()) {
      CatalogDatabase original(server);
      const Registry dialects = builtin_dialects();
      MigratorOptions options;
      options.folder.path = (source / "migrations").string();
      Migrator migrator(dialects, original.database.url(), options);
      const RunReport report = migrator.run({});
      REQUIRE_FALSE(report.failed);
      const Catalog catalog = original.read();
      CHECK(catalog.find("table", "apps") != nullptr);
      CHECK(catalog.find("table", "toolkit_history") == nullptr);
      CHECK(catalog.find("table", "toolkit_log") == nullptr);
      CHECK(catalog.unsupported.empty());
      prove(server, original);
    }
  }
}

TEST_SUITE_END();
