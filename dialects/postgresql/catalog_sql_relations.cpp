#include "catalog_sql.hpp"

// Relations and their columns, constraints and indexes.

namespace toolkit::postgresql {

namespace {

std::string of_oids() { return " = ANY (CAST(:oids AS oid[]))"; }

std::string comment_on(const std::string& catalog, const std::string& oid) {
  return "obj_description(" + oid + ", '" + catalog + "')";
}

/// The names of numbered columns as a JSON array, in the order of the numbers.
std::string names_of(const std::string& numbers, const std::string& relation) {
  return "(SELECT json_agg(a.attname ORDER BY x.n) FROM unnest(" + numbers +
         ") WITH ORDINALITY x(number, n) JOIN pg_catalog.pg_attribute a ON a.attrelid = " + relation +
         " AND a.attnum = x.number)";
}

std::string relations_text() {
  return "SELECT c.oid, c.relkind, n.nspname, c.relname, c.relpersistence, array_to_json(c.reloptions),"
         " c.relrowsecurity, c.relforcerowsecurity, c.relreplident, am.amname,"
         " CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,"
         " CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,"
         " (SELECT json_agg(json_build_array(pn.nspname, p.relname) ORDER BY h.inhseqno)"
         "  FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent"
         "  JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid),"
         " CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, c.reloftype <> 0," +
         comment_on("pg_class", "c.oid") +
         ", (SELECT ic.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = "
         "i.indexrelid"
         "  WHERE i.indrelid = c.oid AND i.indisreplident)"
         " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
         " LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE c.oid" +
         of_oids() + " AND " + in_scope("n") + " AND " + no_member("pg_class", "c.oid") +
         " AND NOT (n.nspname = :history_schema AND c.relname IN (:history_table, :log_table))"
         " AND NOT (c.relkind = 'S' AND EXISTS (SELECT 1 FROM pg_catalog.pg_depend d"
         "  WHERE d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.objid = c.oid AND d.deptype = "
         "'i'))";
}

/// Type as text, the type below a domain, whether it is an enum (or an array of one), properties.
std::string columns_text(int version) {
  const std::string identity =
      "CASE WHEN a.attidentity <> '' THEN (SELECT json_build_array(format_type(q.seqtypid, NULL),"
      " CAST(q.seqstart AS text), CAST(q.seqincrement AS text), CAST(q.seqmin AS text),"
      " CAST(q.seqmax AS text), CAST(q.seqcache AS text), q.seqcycle) FROM pg_catalog.pg_depend d"
      " JOIN pg_catalog.pg_sequence q ON q.seqrelid = d.objid"
      " WHERE d.refclassid = CAST('pg_catalog.pg_class' AS regclass) AND d.refobjid = a.attrelid"
      " AND d.refobjsubid = a.attnum AND d.deptype = 'i') END";
  const std::string not_null =
      version < 180'000 ? "CAST(NULL AS json)"
                        : "(SELECT json_build_array(k.convalidated, k.connoinherit)"
                          " FROM pg_catalog.pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n'"
                          " AND k.conkey[1] = a.attnum AND (NOT k.convalidated OR k.connoinherit))";
  return "SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod),"
         " CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,"
         " t.typtype = 'e' OR coalesce(l.typtype = 'e', false), a.attnotnull,"
         " pg_get_expr(d.adbin, d.adrelid), a.attidentity, " +
         identity + ", " + "a.attgenerated" +
         ", CASE WHEN a.attcollation <> t.typcollation THEN (SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN "
         "''"
         " ELSE quote_ident(cn.nspname) || '.' END || quote_ident(co.collname) FROM pg_catalog.pg_collation "
         "co"
         " JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END,"
         " CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, " +
         if_since(version, 140'000, "a.attcompression", "''") +
         ", CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END, array_to_json(a.attoptions),"
         " col_description(a.attrelid, a.attnum), " +
         not_null +
         // The columns of a partition are its parent's whatever this says.
         ", NOT a.attislocal AND NOT (SELECT c.relispartition FROM pg_catalog.pg_class c"
         " WHERE c.oid = a.attrelid)"
         " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
         " LEFT JOIN pg_catalog.pg_type l ON l.oid = t.typelem AND t.typcategory = 'A'"
         " LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
         " WHERE a.attrelid" +
         of_oids() + " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";
}

/// Constraints that a partition or a child has from its parent are the parent's. NOT NULL is the column's.
std::string constraints_text(int version) {
  return "SELECT CASE WHEN k.contypid <> 0 THEN 'T' ELSE 'R' END, greatest(k.conrelid, k.contypid),"
         " k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated, k.connoinherit, " +
         names_of("k.conkey", "k.conrelid") +
         ", CASE WHEN k.contype = 'f' THEN json_build_array(fn.nspname, f.relname) END, " +
         names_of("k.confkey", "k.confrelid") + ", k.confupdtype, k.confdeltype, k.confmatchtype, " +
         if_since(version, 150'000, names_of("k.confdelsetcols", "k.conrelid"), "CAST(NULL AS json)") +
         ", CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END,"
         " CASE WHEN k.contype IN ('c', 'x') THEN pg_get_constraintdef(k.oid) END,"
         " (SELECT json_agg(a.attname ORDER BY x.n) FROM unnest(CAST(i.indkey AS int2[]))"
         "  WITH ORDINALITY x(number, n) JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid"
         "  AND a.attnum = x.number WHERE x.n > i.indnkeyatts AND k.contype IN ('p', 'u')), " +
         if_since(version, 150'000, "i.indnullsnotdistinct AND k.contype = 'u'", "false") +
         ", CASE WHEN k.contype IN ('p', 'u', 'x') THEN array_to_json(ic.reloptions) END, " +
         if_since(version, 180'000, "k.conenforced", "true") + ", " +
         if_since(version, 180'000, "k.conperiod", "false") + ", " + comment_on("pg_constraint", "k.oid") +
         ", coalesce(i.indisclustered AND k.contype IN ('p', 'u'), false),"
         " CASE WHEN k.contype IN ('p', 'u', 'x') THEN " +
         comment_on("pg_class", "k.conindid") +
         " END"
         " FROM pg_catalog.pg_constraint k"
         " LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid"
         " LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace"
         " LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid"
         " LEFT JOIN pg_catalog.pg_class ic ON ic.oid = k.conindid"
         " WHERE (k.conrelid" +
         of_oids() + " OR k.contypid" + of_oids() +
         ") AND k.contype IN ('p', 'u', 'f', 'c', 'x')"
         " AND k.conparentid = 0 AND (k.contype <> 'c' OR k.coninhcount = 0)";
}

/// Indexes that stand behind a constraint are its; those of partitions that belong to a parent's are the
/// parent's.
std::string indexes_text(int version) {
  return "SELECT i.indrelid, c.relname, pg_get_indexdef(i.indexrelid), am.amname,"
         " (SELECT json_agg(json_build_array(coalesce(a.attname, ''), pg_get_indexdef(i.indexrelid, k, "
         "false))"
         "  ORDER BY k) FROM generate_series(1, CAST(i.indnkeyatts AS int)) k"
         "  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND i.indkey[k - 1] > 0"
         "  AND a.attnum = i.indkey[k - 1]),"
         " (SELECT json_agg(a.attname ORDER BY k) FROM"
         "  generate_series(i.indnkeyatts + 1, CAST(i.indnatts AS int)) k JOIN pg_catalog.pg_attribute a"
         "  ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1]),"
         " i.indisunique, pg_get_expr(i.indpred, i.indrelid), " +
         if_since(version, 150'000, "i.indnullsnotdistinct", "false") +
         ", i.indisvalid, i.indisclustered, array_to_json(c.reloptions), " + comment_on("pg_class", "c.oid") +
         " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
         " JOIN pg_catalog.pg_am am ON am.oid = c.relam WHERE i.indrelid" +
         of_oids() +
         " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conrelid = i.indrelid"
         "  AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"
         " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid)";
}

}  // namespace

void add_relation_texts(CatalogSql& sql, int version) {
  sql.relations = relations_text();
  sql.columns = columns_text(version);
  sql.constraints = constraints_text(version);
  sql.indexes = indexes_text(version);
}

void add_relation_part_texts(CatalogSql& sql, int version) {
  sql.triggers = "SELECT t.tgrelid, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, " +
                 comment_on("pg_trigger", "t.oid") + " FROM pg_catalog.pg_trigger t WHERE t.tgrelid" +
                 of_oids() + " AND NOT t.tgisinternal" +
                 if_since(version, 130'000, " AND t.tgparentid = 0", "");
  sql.policies =
      "SELECT p.polrelid, p.polname, p.polcmd, p.polpermissive,"
      " (SELECT string_agg(coalesce(quote_ident(r.rolname), 'public'), ', ' ORDER BY r.rolname)"
      "  FROM unnest(p.polroles) x(oid) LEFT JOIN pg_catalog.pg_roles r ON r.oid = x.oid),"
      " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), " +
      comment_on("pg_policy", "p.oid") + " FROM pg_catalog.pg_policy p WHERE p.polrelid" + of_oids();
  sql.rules = "SELECT r.ev_class, r.rulename, pg_get_ruledef(r.oid), r.ev_enabled, " +
              comment_on("pg_rewrite", "r.oid") + " FROM pg_catalog.pg_rewrite r WHERE r.ev_class" +
              of_oids() + " AND r.rulename <> '_RETURN'";
  sql.statistics = "SELECT s.stxrelid, n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid), " +
                   if_since(version, 130'000, "CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END",
                            "CAST(NULL AS int)") +
                   ", " + comment_on("pg_statistic_ext", "s.oid") +
                   " FROM pg_catalog.pg_statistic_ext s"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE s.stxrelid" +
                   of_oids();
  sql.sequences =
      "SELECT q.seqrelid, format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin, q.seqmax,"
      " q.seqcache, q.seqcycle, (SELECT json_build_array(n.nspname, c.relname, a.attname)"
      "  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.refobjid"
      "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      "  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid"
      "  WHERE d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.objid = q.seqrelid"
      "  AND d.refclassid = CAST('pg_catalog.pg_class' AS regclass) AND d.deptype = 'a')"
      " FROM pg_catalog.pg_sequence q WHERE q.seqrelid" +
      of_oids();
}

}  // namespace toolkit::postgresql
