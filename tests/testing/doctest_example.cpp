#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <toolkit/testing.hpp>

namespace db = toolkit::testing;

TEST_CASE("the migrations hold") {
  for (const std::string& engine : db::engines()) {
    CHECK(db::check_round_trip("migrations", engine));
    CHECK(db::check_fresh("migrations", engine));
  }
}

TEST_CASE("every database has the same schema") {
  CHECK(db::check_parity("migrations", {"sqlite", "sqlite"}));
  if (db::engines().size() > 1) {
    CHECK(db::check_parity("migrations", db::engines()));
  }
}

TEST_CASE("an item is stored beside what the migrations wrote") {
  for (const std::string& engine : db::engines()) {
    CAPTURE(engine);
    const db::Database database = db::at_newest("migrations", engine);
    database.execute(
        "INSERT INTO items (id, name) VALUES (2, 'second')");  // or your code, with database.url()
    CHECK(database.value("SELECT count(*) FROM items") == "2");
  }
}

TEST_CASE("version 2 keeps the items that are there") {
  for (const std::string& engine : db::engines()) {
    CAPTURE(engine);
    const db::Database database = db::at_version("migrations", engine, 1);
    database.execute("INSERT INTO items (id, name) VALUES (7, 'old')");
    database.go_to("migrations", 2);
    CHECK(database.value("SELECT name FROM items WHERE id = 7") == "old");
  }
}

// Shows what a failure looks like; run with --no-skip.
TEST_CASE("a down that forgets a column" * doctest::skip()) {
  CHECK(db::check_round_trip("broken", "sqlite"));
}
