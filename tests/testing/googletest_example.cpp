#include <gtest/gtest.h>

#include <toolkit/testing.hpp>

namespace db = toolkit::testing;

/// One test for each engine.
class Migrations : public testing::TestWithParam<std::string> {};

TEST_P(Migrations, Hold) {
  EXPECT_TRUE(db::check_round_trip("migrations", GetParam()));
  EXPECT_TRUE(db::check_fresh("migrations", GetParam()));
}

TEST_P(Migrations, AnItemIsStoredBesideWhatTheyWrote) {
  const db::Database database = db::at_newest("migrations", GetParam());
  database.execute("INSERT INTO items (id, name) VALUES (2, 'second')");  // or your code, with database.url()
  EXPECT_EQ(database.value("SELECT count(*) FROM items"), "2");
}

TEST_P(Migrations, Version2KeepsTheItemsThatAreThere) {
  const db::Database database = db::at_version("migrations", GetParam(), 1);
  database.execute("INSERT INTO items (id, name) VALUES (7, 'old')");
  database.go_to("migrations", 2);
  EXPECT_EQ(database.value("SELECT name FROM items WHERE id = 7"), "old");
}

INSTANTIATE_TEST_SUITE_P(Engines, Migrations, testing::ValuesIn(db::engines()));

TEST(AllEngines, HaveTheSameSchema) {
  EXPECT_TRUE(db::check_parity("migrations", {"sqlite", "sqlite"}));
  if (db::engines().size() > 1) {
    EXPECT_TRUE(db::check_parity("migrations", db::engines()));
  }
}

// Shows what a failure looks like; run with --gtest_also_run_disabled_tests.
TEST(Broken, DISABLED_ForgetsAColumn) { EXPECT_TRUE(db::check_round_trip("broken", "sqlite")); }
