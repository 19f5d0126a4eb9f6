#include "catalog_sql.hpp"

#include <array>

namespace toolkit::postgresql {

namespace {

/// One arm of the stamps. A stamp is the number of rows and the sum of their xmin, which only grows; the rows
/// that the running transaction wrote add where they lie, since it can write twice under one xmin. `age` is
/// read instead of `xmin` because it is a number without a detour over text; the xmin of bootstrap rows has
/// none and counts as nothing.
std::string arm(const std::string& letter, const std::string& oid, const std::string& row,
                const std::string& from, const std::string& mark = "false") {
  const std::string age = "age(" + row + ".xmin)";
  return "SELECT '" + letter + "' AS class, " + oid + " AS oid, nullif(" + age +
         ", 2147483647) AS age, CASE WHEN " + age + " <= 0 THEN hashtext(CAST(" + row +
         ".ctid AS text)) END AS place, " + mark + " AS is_top FROM " + from;
}

std::string relation_arms() {
  const std::string user = std::string(" >= ") + first_user_oid;
  const std::string more = " UNION ALL ";
  return arm("R", "c.oid", "c",
             "pg_catalog.pg_class c WHERE c.oid" + user +
                 " AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')",
             "true") +
         more +
         arm("R", "a.attrelid", "a",
             "pg_catalog.pg_attribute a WHERE a.attrelid" + user + " AND a.attnum > 0") +
         more + arm("R", "d.adrelid", "d", "pg_catalog.pg_attrdef d WHERE d.adrelid" + user) + more +
         arm("R", "k.conrelid", "k", "pg_catalog.pg_constraint k WHERE k.conrelid" + user) + more +
         arm("T", "k.contypid", "k", "pg_catalog.pg_constraint k WHERE k.contypid" + user) + more +
         arm("R", "i.indrelid", "i", "pg_catalog.pg_index i WHERE i.indexrelid" + user) + more +
         arm("R", "i.indrelid", "c",
             "pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE i.indexrelid" +
                 user) +
         more + arm("R", "t.tgrelid", "t", "pg_catalog.pg_trigger t WHERE NOT t.tgisinternal") + more +
         arm("R", "p.polrelid", "p", "pg_catalog.pg_policy p") + more +
         arm("R", "r.ev_class", "r", "pg_catalog.pg_rewrite r WHERE r.ev_class" + user) + more +
         arm("R", "h.inhrelid", "h", "pg_catalog.pg_inherits h") + more +
         arm("R", "s.stxrelid", "s", "pg_catalog.pg_statistic_ext s") + more +
         arm("R", "s.seqrelid", "s", "pg_catalog.pg_sequence s") + more +
         arm("R", "d.refobjid", "s",
             "pg_catalog.pg_sequence s JOIN pg_catalog.pg_depend d"
             " ON d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.objid = s.seqrelid"
             " AND d.refclassid = CAST('pg_catalog.pg_class' AS regclass) AND d.deptype IN ('a', 'i')") +
         more +
         // ALTER SEQUENCE OWNED BY writes to pg_depend alone.
         arm("R", "s.seqrelid", "d",
             "pg_catalog.pg_sequence s JOIN pg_catalog.pg_depend d"
             " ON d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.objid = s.seqrelid"
             " AND d.refclassid = CAST('pg_catalog.pg_class' AS regclass) AND d.deptype IN ('a', 'i')") +
         more +
         arm("R", "coalesce(i.indrelid, d.objoid)", "d",
             "pg_catalog.pg_description d LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = d.objoid"
             " WHERE d.classoid = CAST('pg_catalog.pg_class' AS regclass) AND d.objoid" +
                 user);
}

std::string other_arms() {
  const std::string user = std::string(" >= ") + first_user_oid;
  const std::string more = " UNION ALL ";
  return arm("T", "t.oid", "t",
             "pg_catalog.pg_type t WHERE t.oid" + user + " AND t.typtype IN ('e', 'd', 'r')", "true") +
         more + arm("T", "e.enumtypid", "e", "pg_catalog.pg_enum e WHERE e.enumtypid" + user) + more +
         arm("T", "d.objoid", "d",
             "pg_catalog.pg_description d WHERE d.classoid = CAST('pg_catalog.pg_type' AS regclass)"
             " AND d.objoid" +
                 user) +
         more + arm("P", "p.oid", "p", "pg_catalog.pg_proc p WHERE p.oid" + user, "true") + more +
         arm("P", "d.objoid", "d",
             "pg_catalog.pg_description d WHERE d.classoid = CAST('pg_catalog.pg_proc' AS regclass)"
             " AND d.objoid" +
                 user);
}

/// What concerns everything: another one of these, and all is read again.
std::string global_arms() {
  const std::string zero = "CAST(0 AS oid)";
  std::string text =
      arm("G", zero, "n", "pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_'", "true") + " UNION ALL " +
      arm("G", zero, "d",
          // Schema public is as old as the database, and has a comment that may change.
          "pg_catalog.pg_description d WHERE (d.objoid >= " + std::string(first_user_oid) +
              " OR d.classoid = CAST('pg_catalog.pg_namespace' AS regclass))"
              " AND d.classoid NOT IN (CAST('pg_catalog.pg_class' AS regclass),"
              " CAST('pg_catalog.pg_type' AS regclass), CAST('pg_catalog.pg_proc' AS regclass))");
  for (const char* catalog :
       {"pg_extension", "pg_operator", "pg_opclass", "pg_opfamily", "pg_collation", "pg_conversion",
        "pg_cast", "pg_language", "pg_am", "pg_ts_config", "pg_ts_dict", "pg_ts_parser", "pg_ts_template",
        "pg_transform", "pg_event_trigger", "pg_publication", "pg_default_acl", "pg_foreign_data_wrapper",
        "pg_foreign_server"}) {
    text += " UNION ALL " +
            arm("G", zero, "g", std::string("pg_catalog.") + catalog + " g WHERE g.oid >= " + first_user_oid);
  }
  // Catalogs that others may not read have views without xmin: their values are the stamp.
  const std::string valued = " UNION ALL SELECT 'G', " + zero + ", NULL, hashtext(";
  text += valued + "CAST(l.label AS text)), false FROM pg_catalog.pg_seclabel l";
  text += valued +
          "CAST(CAST(r.oid AS text) || ' ' || r.rolname AS text)), false FROM pg_catalog.pg_roles r" +
          " WHERE r.oid >= " + first_user_oid;
  text += valued + "CAST(s.subname AS text)), false FROM pg_catalog.pg_subscription s";
  text += valued + "CAST(u.umid AS text)), false FROM pg_catalog.pg_user_mappings u";
  text += valued + "CAST(d.objid AS text)), false FROM pg_catalog.pg_depend d" +
          " WHERE d.refclassid = CAST('pg_catalog.pg_extension' AS regclass) AND d.deptype = 'e'" +
          " AND d.objid >= " + first_user_oid;
  return text;
}

std::string stamps_text() {
  return "SELECT r.class, r.oid, count(*) || ' ' ||"
         " (count(r.age) * (SELECT CAST(age(CAST('3' AS xid)) AS bigint)) - coalesce(sum(r.age), 0)) || ' ' "
         "||"
         " coalesce(sum(r.place), 0) FROM (" +
         relation_arms() + " UNION ALL " + other_arms() + " UNION ALL " + global_arms() +
         ") r GROUP BY r.class, r.oid HAVING bool_or(r.is_top)";
}

/// The rows of pg_depend that point at `:oids` or at their row and array types, brought to what holds them.
std::string dependents_text() {
  const auto joined = [](const std::string& name, const std::string& catalog, const std::string& oid) {
    return " LEFT JOIN pg_catalog." + catalog + " " + name + " ON d.classid = CAST('pg_catalog." + catalog +
           "' AS regclass) AND " + name + "." + oid + " = d.objid";
  };
  return "WITH named AS (SELECT unnest(CAST(:oids AS oid[])) AS oid), types AS (SELECT oid FROM named UNION"
         " SELECT c.reltype FROM pg_catalog.pg_class c JOIN named USING (oid)), pointed AS (SELECT oid FROM"
         " types UNION SELECT t.typarray FROM pg_catalog.pg_type t JOIN types USING (oid))"
         " SELECT DISTINCT CASE WHEN d.classid = CAST('pg_catalog.pg_proc' AS regclass) THEN 'P'"
         " WHEN d.classid = CAST('pg_catalog.pg_type' AS regclass) OR k.contypid <> 0 THEN 'T' ELSE 'R' END,"
         " coalesce(nullif(k.conrelid, 0), nullif(k.contypid, 0), a.adrelid, w.ev_class, g.tgrelid,"
         " p.polrelid, i.indrelid, s.stxrelid, d.objid)"
         " FROM pg_catalog.pg_depend d JOIN pointed ON pointed.oid = d.refobjid AND d.refobjid >= " +
         std::string(first_user_oid) + joined("k", "pg_constraint", "oid") +
         joined("a", "pg_attrdef", "oid") + joined("w", "pg_rewrite", "oid") +
         joined("g", "pg_trigger", "oid") + joined("p", "pg_policy", "oid") +
         joined("s", "pg_statistic_ext", "oid") +
         " LEFT JOIN pg_catalog.pg_index i ON d.classid = CAST('pg_catalog.pg_class' AS regclass)"
         " AND i.indexrelid = d.objid";
}

}  // namespace

std::string in_scope(const std::string& namespace_row) {
  const std::string name = namespace_row + ".nspname";
  return name + " !~ '^pg_' AND " + name +
         " <> 'information_schema' AND (CAST(:schemas AS text[]) = '{}' OR " + name +
         " = ANY (CAST(:schemas AS text[])))";
}

std::string no_member(const std::string& catalog, const std::string& oid) {
  return "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = CAST('pg_catalog." + catalog +
         "' AS regclass) AND e.objid = " + oid + " AND e.deptype = 'e')";
}

std::string if_since(int version, int since, const std::string& column, const std::string& otherwise) {
  return version >= since ? column : otherwise;
}

CatalogSql catalog_sql(int version) {
  CatalogSql sql;
  sql.stamps = stamps_text();
  sql.dependents = dependents_text();
  add_relation_texts(sql, version);
  add_relation_part_texts(sql, version);
  add_type_texts(sql, version);
  add_routine_texts(sql, version);
  add_grant_texts(sql);
  return sql;
}

}  // namespace toolkit::postgresql
