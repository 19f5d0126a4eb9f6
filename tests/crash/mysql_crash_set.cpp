#include <utility>

#include "crash_set.hpp"

namespace toolkit::test {

namespace {

constexpr bool may_run_again = true;

CrashSet tables_and_rows(bool is_mariadb) {
  return {
      {"create_items",
       {"CREATE TABLE items (id INT PRIMARY KEY, n INT NOT NULL DEFAULT 0, label VARCHAR(40))"},
       {"DROP TABLE items"}},
      // Below all others, which it puts in no doubt: none of them reaches it.
      {"create_plain", {"CREATE TABLE plain (note VARCHAR(20)) ENGINE=MyISAM"}, {"DROP TABLE plain"}},
      {"fill_plain",
       {"-- toolkit: applied-if SELECT COUNT(*) > 0 FROM plain WHERE note = 'ten'\n"
        "INSERT INTO plain VALUES ('ten')"},
       {"-- toolkit: applied-if SELECT COUNT(*) = 0 FROM plain WHERE note = 'ten'\n"
        "DELETE FROM plain WHERE note = 'ten'"}},
      {"seed_items", {"INSERT INTO items (id, label) VALUES (1, 'a'), (2, 'b')"}, {"DELETE FROM items"}},
      {"count_items", {"UPDATE items SET n = n + 1"}, {"UPDATE items SET n = n - 1"}},
      {"add_price",
       {"ALTER TABLE items ADD COLUMN price INT NOT NULL DEFAULT 0"},
       {"ALTER TABLE items DROP COLUMN price"}},
      {"widen_label",
       {"ALTER TABLE items MODIFY label VARCHAR(80)"},
       {"ALTER TABLE items MODIFY label VARCHAR(40)"},
       may_run_again},
      {"index_label", {"CREATE INDEX items_label ON items (label)"}, {"DROP INDEX items_label ON items"}},
      {"index_without_name", {"ALTER TABLE items ADD INDEX (price)"}, {"ALTER TABLE items DROP INDEX price"}},
      {"check_without_name",
       {"ALTER TABLE items ADD CHECK (n < 1000)"},
       {std::string("ALTER TABLE items DROP CONSTRAINT ") + (is_mariadb ? "CONSTRAINT_1" : "items_chk_1")}},
      {"create_bump",
       {"CREATE PROCEDURE bump(d INT) BEGIN UPDATE items SET n = n + d; END"},
       {"DROP PROCEDURE bump"}},
      {"call_bump",
       {"-- toolkit: applied-if SELECT MIN(n) > 9 FROM items\nCALL bump(10)"},
       {"-- toolkit: applied-if SELECT MAX(n) < 10 FROM items\nCALL bump(-10)"}},
  };
}

CrashSet views_and_routines(bool is_mariadb) {
  return {
      {"create_view", {"CREATE VIEW names AS SELECT id, label FROM items"}, {"DROP VIEW names"}},
      {"replace_view",
       {"CREATE OR REPLACE VIEW names AS SELECT id, label, n FROM items"},
       {"CREATE OR REPLACE VIEW names AS SELECT id, label FROM items"},
       may_run_again},
      {"create_audit", {"CREATE TABLE audit (word VARCHAR(20), n INT)"}, {"DROP TABLE audit"}},
      {"audit_items",
       {"CREATE TRIGGER items_audit AFTER UPDATE ON items FOR EACH ROW "
        "INSERT INTO audit VALUES ('changed', NEW.n)"},
       {"DROP TRIGGER items_audit"}},
      // Repeats itself on MariaDB; MySQL does not see the words in the comment.
      {"guard_items",
       {"CREATE /*M! OR REPLACE */ TRIGGER items_guard BEFORE UPDATE ON items FOR EACH ROW "
        "SET NEW.label = COALESCE(NEW.label, 'none')"},
       {"DROP TRIGGER items_guard"},
       is_mariadb},
      {"fire_trigger",
       {"UPDATE items SET n = n + 1 WHERE id = 1"},
       {"UPDATE items SET n = n - 1 WHERE id = 1", "DELETE FROM audit"}},
      {"create_twice",
       {"CREATE FUNCTION twice(x INT) RETURNS INT DETERMINISTIC RETURN x * 2"},
       {"DROP FUNCTION twice"}},
      {"create_event",
       {"CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR DISABLE DO DELETE FROM audit WHERE 1 = 0"},
       {"DROP EVENT yearly"}},
      {"truncate_audit", {"TRUNCATE TABLE audit"}, {"INSERT INTO audit VALUES ('changed', 12)"}},
      {"rename_audit", {"RENAME TABLE audit TO audit_old"}, {"RENAME TABLE audit_old TO audit"}},
      {"create_twin_a", {"CREATE TABLE twin_a (x INT PRIMARY KEY)"}, {"DROP TABLE twin_a"}},
      {"create_twin_b", {"CREATE TABLE twin_b LIKE twin_a"}, {"DROP TABLE twin_b"}},
      {"fill_twin_a", {"INSERT INTO twin_a VALUES (1)"}, {"DELETE FROM twin_a"}},
      {"swap_twins",
       {"RENAME TABLE twin_a TO twin_c, twin_b TO twin_a, twin_c TO twin_b"},
       {"RENAME TABLE twin_a TO twin_c, twin_b TO twin_a, twin_c TO twin_b"}},
  };
}

CrashSet the_rest(bool is_mariadb) {
  CrashSet set = {
      {"create_copied",
       {"CREATE TABLE copied (id INT NOT NULL, n INT NOT NULL) AS SELECT id, n FROM items"},
       {"DROP TABLE copied"}},
      {"fill_copied",
       {"INSERT INTO copied SELECT id + 100, n FROM items"},
       {"DELETE FROM copied WHERE id > 100"}},
      {"create_parted",
       {"CREATE TABLE parted (x INT NOT NULL) PARTITION BY RANGE (x) "
        "(PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))"},
       {"DROP TABLE parted"}},
      {"add_partition",
       {"ALTER TABLE parted ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))"},
       {"ALTER TABLE parted DROP PARTITION p2"}},
      {"create_outside", {"CREATE TABLE outside (x INT NOT NULL)"}, {"DROP TABLE outside"}},
      {"fill_outside", {"INSERT INTO outside VALUES (5)"}, {"DELETE FROM outside"}},
      {"exchange_partition",
       {"ALTER TABLE parted EXCHANGE PARTITION p0 WITH TABLE outside"},
       {"ALTER TABLE parted EXCHANGE PARTITION p0 WITH TABLE outside"}},
      {"drop_outside", {"DROP TABLE outside"}, {"CREATE TABLE outside (x INT NOT NULL)"}},
      {"grant_reader",
       {"GRANT SELECT ON items TO 'crash_reader'@'localhost'"},
       {"REVOKE SELECT ON items FROM 'crash_reader'@'localhost'"},
       may_run_again},
      {"several_steps",
       {"CREATE TABLE steps (x INT)", "INSERT INTO steps VALUES (1)", "ALTER TABLE steps ADD COLUMN y INT"},
       {"ALTER TABLE steps DROP COLUMN y", "DELETE FROM steps", "DROP TABLE steps"}},
      {"create_children",
       {"CREATE TABLE children (id INT PRIMARY KEY, item INT, "
        "CONSTRAINT children_item FOREIGN KEY (item) REFERENCES items (id))"},
       {"DROP TABLE children"}},
      {"key_without_name",
       {"ALTER TABLE children ADD FOREIGN KEY (id) REFERENCES items (id)"},
       {"ALTER TABLE children DROP FOREIGN KEY children_ibfk_1"}},
      {"analyze", {"ANALYZE TABLE items"}, {"OPTIMIZE TABLE items"}, may_run_again},
  };
  if (is_mariadb) {
    const std::string replace = "CREATE OR REPLACE TABLE copied (id INT NOT NULL, n INT NOT NULL) AS ";
    set.push_back({"replace_copied",
                   {replace + "SELECT id, n + 1 AS n FROM items"},
                   {replace + "SELECT id, n FROM items UNION ALL SELECT id + 100, n FROM items"},
                   may_run_again});
  }
  return set;
}

}  // namespace

CrashSet mysql_crash_set(const std::string& flavour) {
  const bool is_mariadb = flavour == "mariadb";
  CrashSet set = tables_and_rows(is_mariadb);
  for (const CrashSet& part : {views_and_routines(is_mariadb), the_rest(is_mariadb)}) {
    set.insert(set.end(), part.begin(), part.end());
  }
  return set;
}

}  // namespace toolkit::test
