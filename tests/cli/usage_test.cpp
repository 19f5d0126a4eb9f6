#include <doctest/doctest.h>

#include "project.hpp"

using namespace toolkit::test;

TEST_CASE("cli: wrong usage is exit 2 and tells what would be right") {
  for (const TestServer& server : test_servers("sqlite")) {
    Project project(server, pairs({"1_a", "2_b"}));
    const std::string before = project.state();
    std::string text;
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{},
                                               {"migrate"},
                                               {"up", "--fast"},
                                               {"up", "zero"},
                                               {"up", "0"},
                                               {"up", "-1"},
                                               {"up", "1", "--to", "2"},
                                               {"up", "--to", "1e30"},
                                               {"up", "--to", "1234567890123456789"},
                                               {"up", "--to", "99"},
                                               {"up", "--transaction", "some"},
                                               {"down", "--all", "--to", "1"},
                                               {"goto"},
                                               {"goto", "-1"},
                                               {"baseline", "0"},
                                               {"settle", "1"},
                                               {"settle", "1", "--as", "done"},
                                               {"wait", "--timeout", "soon"},
                                               {"status", "--format", "xml"},
                                               {"status", "-q", "-v"},
                                               {"status", "--migrations"}}) {
      text += project.shown(arguments);
    }
    CHECK(difference_from("usage", text) == "");
    CHECK(project.state() == before);
  }
}

TEST_CASE("cli: --transaction all is refused before anything runs where it cannot be kept") {
  for (const std::string engine : {"mysql", "mariadb"}) {
    for (const TestServer& server : test_servers(engine)) {
      Project project(server, pairs({"1_a", "2_b"}));
      const std::string text = project.shown({"up", "--transaction", "all", "-q"});
      CHECK(difference_from("transaction_all", text) == "");
      CHECK(project.database().value(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = 'a' AND "
                "table_schema = '" +
                project.database().name() + "'") == "0");
    }
  }
}
