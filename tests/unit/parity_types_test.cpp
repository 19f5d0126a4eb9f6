#include <doctest/doctest.h>

#include "../support/catalogs.hpp"
#include "toolkit/parity.hpp"

using namespace toolkit;
using namespace toolkit::test;

// Each row of the tables "Types" in docs/parity.md.

namespace {

/// One column as a reader gives it.
struct Typed {
  std::string dialect;
  std::string type;
  std::string logical;
  std::string check = {};   ///< of the table
  std::string labels = {};  ///< of a PostgreSQL enum with the type's name
};

Catalog catalog_with(const Typed& typed) {
  CatalogObject table = object_of(
      "table", "t", {},
      {object_of("column", "c", {{"type", typed.type}, {"logical", typed.logical}, {"nullable", "yes"}})});
  if (!typed.check.empty()) {
    table.children.push_back(object_of("check", "", {{"expression", typed.check}}));
  }
  std::vector<CatalogObject> objects;
  if (!typed.labels.empty()) {
    objects.push_back(object_of("enum", typed.type, {{"labels", typed.labels}}));
  }
  objects.push_back(std::move(table));
  return catalog_of(std::move(objects), typed.dialect);
}

/// The rules that speak, in both directions alike; a note has a `?`.
std::string between(const Typed& reference, const Typed& other) {
  const auto rules = [](const std::vector<ParityDifference>& differences) {
    std::string text;
    for (const ParityDifference& each : differences) {
      text += (text.empty() ? "" : " ") + each.rule + (each.is_note ? "?" : "");
    }
    return text;
  };
  const std::string one = rules(parity(catalog_with(reference), catalog_with(other)));
  const std::string back = rules(parity(catalog_with(other), catalog_with(reference)));
  return one == back ? one : one + " but back " + back;
}

Typed pg(const std::string& type, const std::string& logical) { return {"postgresql", type, logical}; }
Typed my(const std::string& type, const std::string& logical) { return {"mysql", type, logical}; }
Typed maria(const std::string& type, const std::string& logical) { return {"mariadb", type, logical}; }
Typed lite(const std::string& type, const std::string& logical) { return {"sqlite", type, logical}; }

const std::string pg_timestamp = "timestamp without time zone";
const std::string pg_moment = "timestamp with time zone";

}  // namespace

TEST_CASE("parity types: booleans") {
  CHECK(between(pg("boolean", "boolean"), my("tinyint(1)", "boolean")) == "");
  CHECK(between(pg("boolean", "boolean"), my("bit(1)", "boolean")) == "");
  CHECK(between(pg("boolean", "boolean"), lite("BOOLEAN", "boolean")) == "");
  CHECK(between(pg("boolean", "boolean"), lite("TINYINT(1)", "integer 16")) == "");
  CHECK(between(pg("boolean", "boolean"), lite("INTEGER", "integer")) == "");
  CHECK(between(pg("boolean", "boolean"), my("tinyint", "integer 8")) == "type");
  CHECK(between(pg("smallint", "integer 16"), my("tinyint(1)", "boolean")) == "type");
  CHECK(between(pg("boolean", "boolean"), lite("TEXT", "text")) == "type");
}

TEST_CASE("parity types: integers") {
  CHECK(between(pg("bigint", "integer 64"), my("bigint", "integer 64")) == "");
  CHECK(between(pg("integer", "integer 32"), my("bigint", "integer 64")) == "type");
  CHECK(between(pg("smallint", "integer 16"), my("tinyint", "integer 8")) == "");
  CHECK(between(pg("integer", "integer 32"), my("mediumint", "integer 24")) == "");
  CHECK(between(my("int", "integer 32"), maria("mediumint", "integer 24")) == "type");
  CHECK(between(pg("integer", "integer 32"), lite("INTEGER", "integer")) == "");
  CHECK(between(pg("bigint", "integer 64"), lite("INTEGER", "integer")) == "");
  CHECK(between(pg("bigint", "integer 64"), lite("INT", "integer 32")) == "type");
  CHECK(between(pg("bigint", "integer 64"), my("int unsigned", "integer 32 unsigned")) == "");
  CHECK(between(pg("integer", "integer 32"), my("int unsigned", "integer 32 unsigned")) == "type");
  CHECK(between(pg("integer", "integer 32"), my("mediumint unsigned", "integer 24 unsigned")) == "");
  CHECK(between(pg("bigint", "integer 64"), my("bigint unsigned", "integer 64 unsigned")) == "type");
  CHECK(between(pg("numeric(20,0)", "decimal 20,0"), my("bigint unsigned", "integer 64 unsigned")) == "");
  CHECK(between(my("int", "integer 32"), maria("int unsigned", "integer 32 unsigned")) == "type");
  CHECK(between(pg("integer", "integer 32"), lite("REAL", "real")) == "type");
}

TEST_CASE("parity types: decimals and reals") {
  CHECK(between(pg("numeric(12,4)", "decimal 12,4"), my("decimal(12,4)", "decimal 12,4")) == "");
  CHECK(between(pg("numeric(12,4)", "decimal 12,4"), lite("DECIMAL(12,4)", "decimal 12,4")) == "");
  CHECK(between(pg("numeric(12,4)", "decimal 12,4"), my("decimal(12,2)", "decimal 12,2")) == "precision");
  CHECK(between(pg("numeric(12,4)", "decimal 12,4"), lite("NUMERIC", "decimal")) == "");
  CHECK(between(pg("numeric", "decimal"), my("decimal(10,0)", "decimal 10,0")) == "precision");
  CHECK(between(pg("real", "real 32"), my("float", "real 32")) == "");
  CHECK(between(pg("double precision", "real 64"), my("float", "real 32")) == "type");
  CHECK(between(pg("double precision", "real 64"), lite("REAL", "real")) == "");
  CHECK(between(pg("numeric(12,4)", "decimal 12,4"), my("double", "real 64")) == "type");
}

TEST_CASE("parity types: texts") {
  CHECK(between(pg("character varying(36)", "varchar 36"), my("varchar(36)", "varchar 36")) == "");
  CHECK(between(pg("character varying(36)", "varchar 36"), lite("VARCHAR(36)", "varchar 36")) == "");
  CHECK(between(pg("character varying(36)", "varchar 36"), my("varchar(64)", "varchar 64")) == "length");
  CHECK(between(pg("character varying(36)", "varchar 36"), lite("VARCHAR(64)", "varchar 64")) == "length");
  CHECK(between(pg("character varying(36)", "varchar 36"), lite("TEXT", "text")) == "");
  CHECK(between(pg("text", "text"), my("varchar(255)", "varchar 255")) == "type");
  CHECK(between(pg("text", "text"), lite("VARCHAR(255)", "varchar 255")) == "type");
  CHECK(between(pg("text", "text"), my("longtext", "text")) == "");
  CHECK(between(my("text", "text"), maria("longtext", "text")) == "length");
  CHECK(between(pg("character(2)", "char 2"), my("varchar(2)", "varchar 2")) == "type");
  CHECK(between(pg("character(2)", "char 2"), lite("VARCHAR(2)", "varchar 2")) == "");
}

TEST_CASE("parity types: bytes") {
  CHECK(between(pg("bytea", "bytes"), my("blob", "bytes")) == "");
  CHECK(between(pg("bytea", "bytes"), my("varbinary(20)", "bytes")) == "");
  CHECK(between(pg("bytea", "bytes"), lite("BLOB", "bytes")) == "");
  CHECK(between(my("varbinary(20)", "bytes"), maria("varbinary(32)", "bytes")) == "length");
  CHECK(between(pg("bytea", "bytes"), my("text", "text")) == "type");
}

TEST_CASE("parity types: dates, times and moments") {
  CHECK(between(pg("date", "date"), my("date", "date")) == "");
  CHECK(between(pg("date", "date"), lite("DATETIME", "timestamp")) == "type");
  CHECK(between(pg("time(0) without time zone", "time"), my("time", "time")) == "");
  CHECK(between(pg("time without time zone", "time"), my("time", "time")) == "fraction?");
  CHECK(between(pg("timestamp(6) without time zone", "timestamp"), my("datetime(6)", "timestamp")) == "");
  CHECK(between(pg(pg_timestamp, "timestamp"), my("datetime(6)", "timestamp")) == "");
  CHECK(between(pg(pg_timestamp, "timestamp"), my("datetime", "timestamp")) == "fraction?");
  CHECK(between(pg(pg_moment, "timestamp utc"), my("timestamp(6)", "timestamp utc")) == "");
  CHECK(between(pg(pg_timestamp, "timestamp"), my("timestamp(6)", "timestamp utc")) == "time-zone");
  CHECK(between(pg(pg_moment, "timestamp utc"), my("datetime(6)", "timestamp")) == "time-zone");
  CHECK(between(pg(pg_moment, "timestamp utc"), lite("DATETIME", "timestamp")) == "");
  CHECK(between(pg(pg_timestamp, "timestamp"), lite("TIMESTAMP", "timestamp")) == "");
  CHECK(between(pg(pg_timestamp, "timestamp"), lite("TEXT", "text")) == "type");
  CHECK(between(pg("interval", "interval"), lite("INTERVAL", "interval")) == "");
}

TEST_CASE("parity types: JSON") {
  CHECK(between(pg("jsonb", "json"), my("json", "json")) == "");
  CHECK(between(pg("json", "json"), pg("jsonb", "json")) == "");
  CHECK(between(pg("jsonb", "json"), lite("JSON", "json")) == "");
  CHECK(between(pg("jsonb", "json"), {"sqlite", "TEXT", "text", "json_valid(c)"}) == "");
  CHECK(between(pg("jsonb", "json"), {"sqlite", "TEXT", "text", "c IS NULL OR json_valid(c)"}) == "");
  CHECK(between(pg("jsonb", "json"), {"sqlite", "TEXT", "text", "json_valid(c) = 1"}) == "");
  CHECK(between(pg("jsonb", "json"), lite("TEXT", "text")) == "type");
  CHECK(between(pg("jsonb", "json"), my("text", "text")) == "type");
}

TEST_CASE("parity types: UUID") {
  const Typed uuid = pg("uuid", "uuid");
  CHECK(between(uuid, maria("uuid", "uuid")) == "");
  CHECK(between(uuid, my("char(36)", "char 36")) == "");
  CHECK(between(uuid, my("varchar(36)", "varchar 36")) == "");
  CHECK(between(uuid, my("binary(16)", "bytes")) == "");
  CHECK(between(uuid, lite("TEXT", "text")) == "");
  CHECK(between(uuid, lite("BLOB", "bytes")) == "");
  CHECK(between(uuid, my("char(32)", "char 32")) == "type");
  CHECK(between(uuid, my("varbinary(255)", "bytes")) == "type");
}

TEST_CASE("parity types: enums") {
  const Typed low_high = {"postgresql", "mood", "enum", "", "'low', 'high'"};
  CHECK(between(low_high, my("enum('low','high')", "enum")) == "");
  CHECK(between(low_high, my("enum('low','high','top')", "enum")) == "enum-labels");
  CHECK(between(low_high, my("enum('high','low')", "enum")) == "enum-labels");
  CHECK(between(low_high, {"sqlite", "VARCHAR(8)", "varchar 8", "c IN ('high', 'low')"}) == "");
  CHECK(between(low_high, {"sqlite", "TEXT", "text", "c IN ('low')"}) == "enum-labels");
  CHECK(between(low_high, lite("TEXT", "text")) == "type");
  const Typed quoted = {"postgresql", "mood", "enum", "", "'it''s', 'a,b'"};
  CHECK(between(quoted, my("enum('it''s','a,b')", "enum")) == "");
}

TEST_CASE("parity types: what no class knows") {
  CHECK(between(pg("tsvector", "other tsvector"), my("text", "text")) == "type");
  CHECK(between(pg("tsvector", "other tsvector"), pg("tsvector", "other tsvector")) == "");
  CHECK(between(pg("integer[]", "array of integer 32"), my("json", "json")) == "type");
  CHECK(between(pg("integer", "integer 32"), lite("", "other any")) == "");
  CHECK(between(pg("integer", "integer 32"), lite("LONGINT", "other LONGINT")) == "");
  CHECK(between(pg("text", "text"), lite("LONG NVARCHAR", "other LONG NVARCHAR")) == "");
  CHECK(between(pg("integer", "integer 32"), lite("LONG NVARCHAR", "other LONG NVARCHAR")) == "type");
}
