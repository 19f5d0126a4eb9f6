#ifdef TOOLKIT_WITH_MYSQL

#include <doctest/doctest.h>

#include "../../dialects/mysql/catalog_column.hpp"
#include "../../dialects/mysql/catalog_expression.hpp"
#include "../../dialects/mysql/catalog_program.hpp"
#include "../../dialects/mysql/render_parts.hpp"

using namespace toolkit::mysql;

namespace {

const CatalogSource mysql_server{false, "shop"};
const CatalogSource mariadb_server{true, "shop"};

}  // namespace

TEST_CASE("mysql catalog: types lose what means nothing") {
  CHECK(normal_type("int(11)") == "int");
  CHECK(normal_type("bigint(20) unsigned") == "bigint unsigned");
  CHECK(normal_type("tinyint(1)") == "tinyint(1)");
  CHECK(normal_type("tinyint(1) unsigned") == "tinyint unsigned");
  CHECK(normal_type("int(5) unsigned zerofill") == "int(5) unsigned zerofill");
  CHECK(normal_type("year(4)") == "year");
  CHECK(normal_type("varchar(200) /*M!100301 COMPRESSED*/") == "varchar(200) compressed");
  CHECK(normal_type("enum('a b','(','x)')") == "enum('a b','(','x)')");
  CHECK(logical_type("decimal(10,2) unsigned") == "decimal 10,2 unsigned");
  CHECK(logical_type("datetime(6)") == "timestamp");
  CHECK(logical_type("timestamp(3)") == "timestamp utc");
  CHECK(logical_type("mediumint unsigned") == "integer 24 unsigned");
  CHECK(logical_type("set('a')") == "other set('a')");
}

TEST_CASE("mysql catalog: what MySQL keeps escaped and encoded twice comes back as it was written") {
  CHECK(stored_expression(R"(_utf8mb4\'it\\\'s\')", mysql_server) == R"(_utf8mb4'it\'s')");
  CHECK(stored_expression("\xC3\x83\xC2\xA9", mysql_server) == "\xC3\xA9");
  CHECK(stored_expression("\xC3\xA2\xE2\x80\x9A\xC2\xAC", mysql_server) == "\xE2\x82\xAC");
  // Encoded once, and nothing that it could have come from.
  CHECK(stored_expression("\xC3\xA9", mysql_server) == "\xC3\xA9");
  CHECK(stored_expression("\xC3\x83\xC2\xA9", mariadb_server) == "\xC3\x83\xC2\xA9");
}

TEST_CASE("mysql catalog: expressions have one spelling") {
  CHECK(normal_expression(R"((`c` <> _utf8mb4'it\'s \\ "x"'))", mysql_server) == R"(`c` <> 'it''s \\ "x"')");
  CHECK(normal_expression("(`a`) and (`b`)", mysql_server) == "(`a`) and (`b`)");
  CHECK(normal_expression("(((`a` > 0)))", mysql_server) == "`a` > 0");
  CHECK(normal_expression("nextval(`shop`.`s`)", mariadb_server) == "nextval(`s`)");
  CHECK(normal_expression("_latin1'x'", mysql_server) == "_latin1'x'");
  CHECK(without_database("select `shop`.`t`.`shop`.`x` from `shop`.`t`", mysql_server) ==
        "select `t`.`shop`.`x` from `t`");
  CHECK(without_database("select '`shop`.`t`'", mysql_server) == "select '`shop`.`t`'");
  CHECK(current_timestamp("current_timestamp()") == "CURRENT_TIMESTAMP");
  CHECK(current_timestamp("CURRENT_TIMESTAMP(6)") == "CURRENT_TIMESTAMP(6)");
  CHECK(current_timestamp("localtimestamp()") == "CURRENT_TIMESTAMP");
  CHECK(current_timestamp("localtimestamp(3)") == "CURRENT_TIMESTAMP(3)");
  CHECK(current_timestamp("current_timestamp() + interval 1 day").empty());
  CHECK(current_timestamp("curtime()").empty());
}

TEST_CASE("mysql catalog: bodies are found behind what the server wrote") {
  CHECK(
      trigger_body("CREATE DEFINER=`a`@`b` TRIGGER `for each row` AFTER UPDATE ON t FOR EACH ROW FOLLOWS `x` "
                   "SET @a = 'for each row'",
                   mysql_server) == "SET @a = 'for each row'");
  CHECK(routine_body(
            "CREATE DEFINER=`a`@`b` FUNCTION `f`(n DECIMAL(3,1), e ENUM(')')) RETURNS varchar(3) CHARSET "
            "utf8mb4\n    NO SQL\n    DETERMINISTIC\n    SQL SECURITY INVOKER\n    COMMENT 'returns; "
            "begin'\nRETURN 'it\\'s'",
            mysql_server) == "RETURN 'it\\'s'");
  CHECK(
      event_body("CREATE DEFINER=`do`@`b` EVENT `do` ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' ON "
                 "COMPLETION NOT PRESERVE DISABLE COMMENT 'do' DO SELECT 'do'",
                 mysql_server) == "SELECT 'do'");
}

TEST_CASE("mysql catalog: lists of columns keep their names, lengths and expressions") {
  CHECK(rendered_columns("a, b(10) desc, (concat(`x, y`,')')) desc, `odd, ``name`(3)") ==
        "`a`, `b`(10) DESC, (concat(`x, y`,')')) DESC, `odd, ``name`(3)");
  CHECK(rendered_reference("`other db`.t (a, `b c`)") == "`other db`.`t` (`a`, `b c`)");
}

#endif
