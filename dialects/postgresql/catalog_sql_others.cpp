#include "catalog_sql.hpp"

// Types, routines, what they need, grants, and what is known by name only.

namespace toolkit::postgresql {

namespace {

std::string of_oids() { return " = ANY (CAST(:oids AS oid[]))"; }

std::string collation_of() {
  return "(SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(cn.nspname) || '.' END ||"
         " quote_ident(co.collname) FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn"
         " ON cn.oid = co.collnamespace WHERE co.oid = ";
}

std::string function_name(const std::string& oid) {
  return "nullif(CAST(CAST(" + oid + " AS regproc) AS text), '-')";
}

/// The tops that need another one before them, beyond what the order of kinds gives: see docs/catalog.md.
/// Rows of pg_depend, brought to the top that holds the needing object and to the top that is needed.
std::string requirements_text() {
  const auto from = [](const std::string& letter, const std::string& top, const std::string& catalog,
                       const std::string& oid, const std::string& condition) {
    return "SELECT '" + letter + "' AS class, x." + top +
           " AS top, d.refclassid, d.refobjid FROM pg_catalog." + catalog +
           " x JOIN pg_catalog.pg_depend d ON d.classid = CAST('pg_catalog." + catalog +
           "' AS regclass) AND d.objid = x." + oid + " WHERE x." + top + " = ANY (CAST(:oids AS oid[]))" +
           condition + " AND d.refobjid >= " + first_user_oid;
  };
  return "WITH needs AS (" + from("P", "oid", "pg_proc", "oid", "") + " UNION ALL " +
         from("T", "oid", "pg_type", "oid", "") + " UNION ALL " + from("R", "oid", "pg_class", "oid", "") +
         " UNION ALL " + from("R", "adrelid", "pg_attrdef", "oid", "") + " UNION ALL " +
         from("R", "conrelid", "pg_constraint", "oid", " AND x.contype = 'c'") + " UNION ALL " +
         from("T", "contypid", "pg_constraint", "oid", "") + " UNION ALL " +
         from("R", "ev_class", "pg_rewrite", "oid", " AND x.rulename = '_RETURN'") +
         "), brought AS (SELECT n.class, n.top, r.oid AS relation,"
         " CASE WHEN n.refclassid = CAST('pg_catalog.pg_proc' AS regclass) THEN n.refobjid END AS routine,"
         " CASE WHEN r.oid IS NULL THEN coalesce(e.oid, t.oid) END AS type FROM needs n"
         " LEFT JOIN pg_catalog.pg_type t ON n.refclassid = CAST('pg_catalog.pg_type' AS regclass)"
         "  AND t.oid = n.refobjid"
         " LEFT JOIN pg_catalog.pg_type e ON t.typcategory = 'A' AND e.oid = t.typelem"
         " LEFT JOIN pg_catalog.pg_class r ON r.oid ="
         "  CASE WHEN n.refclassid = CAST('pg_catalog.pg_class' AS regclass) THEN n.refobjid"
         "  ELSE nullif(coalesce(e.typrelid, t.typrelid), 0) END)"
         " SELECT DISTINCT b.class, b.top, CASE WHEN p.oid IS NOT NULL THEN 'routine'"
         " WHEN r.relkind IN ('r', 'p') THEN 'table' WHEN r.relkind IN ('v', 'm') THEN 'view'"
         " WHEN r.relkind = 'c' OR t.typtype = 'r' THEN 'type' WHEN t.typtype = 'd' THEN 'domain' ELSE '' "
         "END,"
         " s.nspname, coalesce(r.relname, p.proname, t.typname), pg_get_function_identity_arguments(p.oid)"
         " FROM brought b LEFT JOIN pg_catalog.pg_class r ON r.oid = b.relation"
         " LEFT JOIN pg_catalog.pg_proc p ON p.oid = b.routine"
         " LEFT JOIN pg_catalog.pg_type t ON t.oid = b.type"
         " JOIN pg_catalog.pg_namespace s ON s.oid = coalesce(r.relnamespace, p.pronamespace, t.typnamespace)"
         " WHERE (b.relation IS NULL OR b.class <> 'R' OR b.relation <> b.top)"
         " AND (p.oid IS NULL OR " +
         no_member("pg_proc", "p.oid") + ") AND (r.oid IS NULL OR " + no_member("pg_class", "r.oid") +
         ") AND (t.oid IS NULL OR " + no_member("pg_type", "t.oid") + ")";
}

std::string unsupported_text() {
  std::string listed;
  for (const char* catalog : {"pg_operator", "pg_opclass", "pg_opfamily", "pg_collation", "pg_conversion",
                              "pg_cast", "pg_language", "pg_am", "pg_ts_config", "pg_ts_dict", "pg_ts_parser",
                              "pg_ts_template", "pg_transform", "pg_event_trigger", "pg_publication",
                              "pg_default_acl", "pg_foreign_data_wrapper", "pg_foreign_server"}) {
    listed += std::string(listed.empty() ? "" : " UNION ALL ") + "SELECT CAST('pg_catalog." + catalog +
              "' AS regclass) AS class, g.oid, 0 AS part FROM pg_catalog." + catalog +
              " g WHERE g.oid >= " + first_user_oid;
  }
  // Base types; an array type is its element's.
  listed +=
      " UNION ALL SELECT CAST('pg_catalog.pg_type' AS regclass), t.oid, 0 FROM pg_catalog.pg_type t"
      " WHERE t.oid >= " +
      std::string(first_user_oid) +
      " AND t.typtype IN ('b', 'p')"
      " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)";
  return "SELECT i.type || ' ' || i.identity FROM (" + listed +
         ") x CROSS JOIN LATERAL pg_identify_object(x.class, x.oid, x.part) i"
         " WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = x.class"
         "  AND e.objid = x.oid AND e.deptype IN ('e', 'i'))"
         " AND (i.schema IS NULL OR (i.schema !~ '^pg_' AND (CAST(:schemas AS text[]) = '{}'"
         "  OR i.schema = ANY (CAST(:schemas AS text[])))))"
         " UNION ALL SELECT 'security label on ' || i.type || ' ' || i.identity FROM pg_catalog.pg_seclabel l"
         " CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) i"
         " UNION ALL SELECT 'subscription ' || s.subname FROM pg_catalog.pg_subscription s"
         " WHERE s.subdbid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = "
         "current_database())"
         " UNION ALL SELECT 'user mapping ' || u.usename || ' on ' || u.srvname"
         " FROM pg_catalog.pg_user_mappings u";
}

/// Grants as they differ from what a new object has: the owner's own are left out; PUBLIC's where they are
/// the default ones; `none` stands for default rights of PUBLIC that are gone.
std::string grants_of(const std::string& letter, const std::string& catalog, const std::string& name,
                      const std::string& type) {
  const std::string acl = "x." + name + "acl";
  const std::string owner = "x." + name + "owner";
  return "SELECT '" + letter +
         "', x.oid, '', coalesce(quote_ident(r.rolname), 'public'),"
         " string_agg(lower(g.privilege_type) || CASE WHEN g.is_grantable THEN ' with grant option' ELSE ''"
         " END, ', ' ORDER BY g.privilege_type) FROM pg_catalog." +
         catalog + " x CROSS JOIN LATERAL aclexplode(" + acl +
         ") g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee WHERE x.oid" + of_oids() +
         " AND g.grantee <> " + owner +
         " AND NOT (g.grantee = 0 AND EXISTS (SELECT 1 FROM aclexplode(acldefault(" + type + ", " + owner +
         ")) s WHERE s.grantee = 0 AND s.privilege_type = g.privilege_type))"
         " GROUP BY x.oid, g.grantee, r.rolname"
         " UNION ALL SELECT '" +
         letter + "', x.oid, '', 'public', 'none' FROM pg_catalog." + catalog + " x WHERE x.oid" + of_oids() +
         " AND " + acl + " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM aclexplode(" + acl +
         ") g WHERE g.grantee = 0) AND EXISTS (SELECT 1 FROM aclexplode(acldefault(" + type + ", " + owner +
         ")) s WHERE s.grantee = 0)";
}

}  // namespace

void add_type_texts(CatalogSql& sql, int version) {
  sql.types =
      "SELECT t.oid, t.typtype, n.nspname, t.typname, obj_description(t.oid, 'pg_type'),"
      " (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)"
      "  FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),"
      " CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, t.typnotnull,"
      " t.typdefault, CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN " +
      collation_of() +
      "t.typcollation) END, b.typtype = 'e',"
      " (SELECT json_build_array(format_type(g.rngsubtype, NULL), CASE WHEN oc.opcdefault THEN NULL ELSE"
      "   quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname) END, CASE WHEN g.rngcollation <>"
      "   st.typcollation THEN " +
      collation_of() + "g.rngcollation) END, " + function_name("g.rngcanonical") + ", " +
      function_name("g.rngsubdiff") + ", " +
      if_since(version, 140'000, "quote_ident(mt.typname)", "CAST(NULL AS text)") +
      ") FROM pg_catalog.pg_range g JOIN pg_catalog.pg_type st ON st.oid = g.rngsubtype"
      "  JOIN pg_catalog.pg_opclass oc ON oc.oid = g.rngsubopc"
      "  JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace" +
      if_since(version, 140'000, " JOIN pg_catalog.pg_type mt ON mt.oid = g.rngmultitypid", "") +
      "  WHERE g.rngtypid = t.oid)"
      " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
      " LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype WHERE t.oid" +
      of_oids() + " AND " + in_scope("n") + " AND " + no_member("pg_type", "t.oid");
}

/// Multirange constructors and range constructors hang on their type by pg_depend's `i`.
void add_routine_texts(CatalogSql& sql, int version) {
  sql.routines =
      "SELECT p.oid, n.nspname, p.proname, p.prokind, pg_get_function_identity_arguments(p.oid),"
      " pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), l.lanname, p.provolatile,"
      " p.proisstrict, p.prosecdef, p.proleakproof, p.proparallel, p.procost, p.prorows,"
      " array_to_json(p.proconfig), p.prosrc, p.probin, " +
      if_since(version, 140'000, "pg_get_function_sqlbody(p.oid)", "CAST(NULL AS text)") + ", " +
      function_name("p.prosupport") +
      ", p.proretset, obj_description(p.oid, 'pg_proc'), p.protrftypes IS NOT NULL"
      " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
      " JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE p.oid" +
      of_oids() + " AND " + in_scope("n") + " AND " + no_member("pg_proc", "p.oid") +
      " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend i WHERE i.objid = p.oid AND i.deptype = 'i'"
      "  AND i.classid = CAST('pg_catalog.pg_proc' AS regclass))";
  sql.aggregates = "SELECT CAST(a.aggfnoid AS oid), a.aggkind, " + function_name("a.aggtransfn") +
                   ", format_type(a.aggtranstype, NULL)," + " nullif(a.aggtransspace, 0), " +
                   function_name("a.aggfinalfn") + ", a.aggfinalextra, a.aggfinalmodify, " +
                   function_name("a.aggcombinefn") + ", " + function_name("a.aggserialfn") + ", " +
                   function_name("a.aggdeserialfn") + ", a.agginitval, " + function_name("a.aggmtransfn") +
                   ", " + function_name("a.aggminvtransfn") +
                   ", CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,"
                   " nullif(a.aggmtransspace, 0), " +
                   function_name("a.aggmfinalfn") +
                   ", a.aggmfinalextra, a.aggmfinalmodify, a.aggminitval,"
                   " CASE WHEN a.aggsortop <> 0 THEN CAST(CAST(a.aggsortop AS regoperator) AS text) END"
                   " FROM pg_catalog.pg_aggregate a WHERE CAST(a.aggfnoid AS oid)" +
                   of_oids();
  sql.requirements = requirements_text();
}

void add_grant_texts(CatalogSql& sql) {
  sql.grants =
      grants_of("R", "pg_class", "rel", "CASE WHEN x.relkind = 'S' THEN CAST('s' AS \"char\") ELSE 'r' END") +
      " UNION ALL " + grants_of("P", "pg_proc", "pro", "'f'") + " UNION ALL " +
      grants_of("T", "pg_type", "typ", "'T'") +
      " UNION ALL SELECT 'R', a.attrelid, a.attname, coalesce(quote_ident(r.rolname), 'public'),"
      " string_agg(lower(g.privilege_type) || CASE WHEN g.is_grantable THEN ' with grant option' ELSE ''"
      " END, ', ' ORDER BY g.privilege_type)"
      " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
      " CROSS JOIN LATERAL aclexplode(a.attacl) g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee"
      " WHERE a.attrelid" +
      of_oids() + " AND g.grantee <> c.relowner GROUP BY a.attrelid, a.attname, g.grantee, r.rolname";
  sql.schemas =
      "SELECT n.nspname, obj_description(n.oid, 'pg_namespace') FROM pg_catalog.pg_namespace n WHERE " +
      in_scope("n") + " AND " + no_member("pg_namespace", "n.oid");
  // A new database's public schema has rights of its own, which pg_init_privs remembers.
  sql.schema_grants =
      "WITH s AS (SELECT n.oid, n.nspname, n.nspowner, n.nspacl, coalesce((SELECT i.initprivs"
      "  FROM pg_catalog.pg_init_privs i WHERE i.objoid = n.oid"
      "  AND i.classoid = CAST('pg_catalog.pg_namespace' AS regclass)), acldefault('n', n.nspowner)) AS first"
      "  FROM pg_catalog.pg_namespace n WHERE " +
      in_scope("n") + " AND " + no_member("pg_namespace", "n.oid") +
      ") SELECT s.nspname, coalesce(quote_ident(r.rolname), 'public'),"
      " string_agg(lower(g.privilege_type) || CASE WHEN g.is_grantable THEN ' with grant option' ELSE '' END,"
      " ', ' ORDER BY g.privilege_type) FROM s CROSS JOIN LATERAL aclexplode(s.nspacl) g"
      " LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee WHERE g.grantee <> s.nspowner"
      " AND (g.grantee <> 0 OR (SELECT string_agg(f.privilege_type, ' ' ORDER BY f.privilege_type)"
      "  FROM aclexplode(s.first) f WHERE f.grantee = 0) IS DISTINCT FROM (SELECT"
      "  string_agg(f.privilege_type, ' ' ORDER BY f.privilege_type) FROM aclexplode(s.nspacl) f"
      "  WHERE f.grantee = 0)) GROUP BY s.nspname, g.grantee, r.rolname"
      " UNION ALL SELECT s.nspname, 'public', 'none' FROM s WHERE s.nspacl IS NOT NULL"
      " AND NOT EXISTS (SELECT 1 FROM aclexplode(s.nspacl) g WHERE g.grantee = 0)"
      " AND EXISTS (SELECT 1 FROM aclexplode(s.first) g WHERE g.grantee = 0)";
  sql.extensions =
      "SELECT e.extname, n.nspname FROM pg_catalog.pg_extension e"
      " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.oid >= " +
      std::string(first_user_oid);
  sql.unsupported = unsupported_text();
}

}  // namespace toolkit::postgresql
