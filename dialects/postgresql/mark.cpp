#include "mark.hpp"

#include <nlohmann/json.hpp>

#include "statement_traits.hpp"

namespace toolkit::postgresql {

namespace {

using Json = nlohmann::json;

// format() quotes a name only where that is needed, whatever the search path is.
const std::string indexes_json =
    "coalesce((SELECT json_agg(json_build_object('oid', CAST(i.indexrelid AS bigint), 'name', format('%I.%I',"
    " n.nspname, c.relname), 'is_named', coalesce(c.relname = CAST(CAST(:object_name AS text) AS name), "
    "false),"
    " 'is_valid', i.indisvalid, 'definition', pg_get_indexdef(i.indexrelid)) ORDER BY c.relname)"
    " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ";

const std::string relation_oid = "CAST(to_regclass(CAST(:object_relation AS text)) AS oid)";
const std::string partition_oid = "CAST(to_regclass(CAST(:object_name AS text)) AS oid)";

std::string relation_state(const std::string& tables) {
  return "(SELECT CAST(json_build_object('oid', CAST(" + relation_oid + " AS bigint), 'indexes', " +
         indexes_json + tables + "), CAST('[]' AS json))) AS text))";
}

// Partitions and the tables of long values are rebuilt along with their table.
const std::string whole_table =
    "i.indrelid IN (WITH t AS (SELECT " + relation_oid +
    " AS oid UNION SELECT CAST(p.relid AS oid)"
    " FROM pg_catalog.pg_partition_tree(to_regclass(CAST(:object_relation AS text))) p)"
    " SELECT t.oid FROM t UNION SELECT k.reltoastrelid FROM t JOIN pg_catalog.pg_class k ON k.oid = t.oid)";

// The column came with PostgreSQL 14, and the statement with it.
const std::string partition_state =
    "(SELECT CAST(json_build_object('oid', CAST(" + relation_oid + " AS bigint), 'partition', CAST(" +
    partition_oid +
    " AS bigint), 'is_attached', h.inhrelid IS NOT NULL, 'is_pending',"
    " coalesce(CAST(to_jsonb(h) ->> 'inhdetachpending' AS boolean), false)) AS text)"
    " FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = " +
    partition_oid + " AND h.inhparent = " + relation_oid + ")";

// An interrupted DROP DATABASE leaves one with -2 connections (minor versions of 2023 and later).
const std::string database_state =
    "(SELECT CAST(json_build_object('oid', CAST(max(CAST(oid AS bigint)) AS bigint), 'is_invalid',"
    " coalesce(bool_or(datconnlimit = -2), false)) AS text) FROM pg_catalog.pg_database"
    " WHERE datname = CAST(CAST(:object_name AS text) AS name))";

const std::string tablespace_state =
    "(SELECT CAST(json_build_object('oid', max(CAST(oid AS bigint))) AS text) FROM pg_catalog.pg_tablespace"
    " WHERE spcname = CAST(CAST(:object_name AS text) AS name))";

const std::string subscription_state =
    "(SELECT CAST(json_build_object('oid', max(CAST(oid AS bigint))) AS text) FROM pg_catalog.pg_subscription"
    " WHERE subname = CAST(CAST(:object_name AS text) AS name) AND subdbid = (SELECT oid FROM"
    " pg_catalog.pg_database WHERE datname = current_database()))";

const std::string enum_state =
    "(SELECT CAST(json_build_object('oid', CAST(CAST(to_regtype(CAST(:object_relation AS text)) AS oid) AS"
    " bigint), 'values', coalesce(json_agg(enumlabel ORDER BY enumsortorder), CAST('[]' AS json))) AS text)"
    " FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype(CAST(:object_relation AS text)))";

std::optional<std::int64_t> number(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>())
                                                             : std::nullopt;
}

std::optional<ObjectState> state_of(const Json& json) {
  if (!json.is_object()) {
    return std::nullopt;
  }
  ObjectState state;
  state.oid = number(json, "oid");
  state.partition = number(json, "partition");
  state.is_attached = json.value("is_attached", false);
  state.is_pending = json.value("is_pending", false);
  state.is_invalid = json.value("is_invalid", false);
  state.values = json.value("values", std::vector<std::string>());
  for (const Json& each : json.value("indexes", Json::array())) {
    state.indexes.push_back({each.value("oid", std::int64_t{0}), each.value("name", ""),
                             each.value("is_named", false), each.value("is_valid", false),
                             each.value("definition", "")});
  }
  return state;
}

std::string index_list(const ObjectState& state) {
  std::string text;
  for (const IndexState& index : state.indexes) {
    text += (text.empty() ? "" : ", ") + index.name + (index.is_valid ? "" : " (invalid)") + " oid " +
            std::to_string(index.oid);
  }
  return text.empty() ? "none" : text;
}

std::string existence(const std::string& what, const ObjectState& state) {
  return what + (state.oid ? " oid " + std::to_string(*state.oid) : " is not there") +
         (state.is_invalid ? " (invalid)" : "");
}

}  // namespace

Mark parse_mark(std::string_view json) {
  Mark mark;
  try {
    const Json parsed = Json::parse(json, nullptr, false);
    if (parsed.is_object() && parsed.value("format", 0) == 1) {
      mark.in_transaction = parsed.value("class", "") == "transaction";
      mark.objects = state_of(parsed.value("objects", Json()));
    }
  } catch (const Json::exception&) {  // a field of another type: not written by this format
    return {};
  }
  return mark;
}

std::optional<ObjectState> parse_state(std::string_view json) {
  try {
    return state_of(Json::parse(json, nullptr, false));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string describe(const StatementForm& form, const ObjectState& state) {
  switch (form.form) {
    case Form::create_index:
    case Form::rebuild_table:
      return existence("table " + form.relation, state) + ", its indexes: " + index_list(state);
    case Form::drop_index:
    case Form::rebuild_index:
      return existence("index " + form.relation, state) + ", indexes of its table: " + index_list(state);
    case Form::rebuild_many:
      return "invalid indexes: " + index_list(state);
    case Form::detach_partition:
      return form.name +
             (state.is_pending    ? " is being detached from "
              : state.is_attached ? " is a partition of "
              : state.partition   ? " is no partition of "
                                  : " is not there, it was to leave ") +
             form.relation;
    case Form::create_database:
    case Form::drop_database:
      return existence("database " + form.name, state);
    case Form::create_tablespace:
    case Form::drop_tablespace:
      return existence("tablespace " + form.name, state);
    case Form::subscription:
      return existence("subscription " + form.name, state);
    case Form::add_enum_value: {
      std::string values;
      for (const std::string& value : state.values) {
        values += (values.empty() ? "" : ", ") + value;
      }
      return "type " + form.relation + ": " + values;
    }
    default:
      return {};
  }
}

std::string state_expression(Form form) {
  switch (form) {
    case Form::create_index:
    case Form::rebuild_table:
      return relation_state(whole_table);
    case Form::drop_index:
    case Form::rebuild_index:
      return relation_state(
          "i.indrelid = (SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = " + relation_oid +
          ")");
    case Form::rebuild_many:
      return relation_state("NOT i.indisvalid");
    case Form::detach_partition:
      return partition_state;
    case Form::create_database:
    case Form::drop_database:
      return database_state;
    case Form::create_tablespace:
    case Form::drop_tablespace:
      return tablespace_state;
    case Form::subscription:
      return subscription_state;
    case Form::add_enum_value:
      return enum_state;
    case Form::repeatable:
    case Form::opaque:
      break;
  }
  return "NULL";
}

Parameters state_parameters(const StatementForm& form) {
  const auto text = [](const std::string& value) { return value.empty() ? Value() : Value(value); };
  return {{"object_relation", text(form.relation)}, {"object_name", text(form.name)}};
}

bool runs_alone(const Step& step) {
  return step.directives.no_transaction || statement_traits(step.sql).refuses_transaction ||
         copies_with_client(step.sql);
}

std::string with_mark(const std::string& sql, const Step* step) {
  std::string expression;
  if (step == nullptr) {
    expression = "'{\"format\":1}'";
  } else if (!runs_alone(*step)) {
    expression = "'{\"format\":1,\"class\":\"transaction\"}'";
  } else {
    const Form form = statement_form(step->sql).form;
    expression = "'{\"format\":1,\"class\":\"" + std::string(to_string(form)) +
                 "\",\"objects\":' || coalesce(" + state_expression(form) + ", 'null') || '}'";
  }
  const std::string parameter = ":mark";
  std::string text = sql;
  const std::size_t at = text.find(parameter);
  if (at != std::string::npos) {
    text.replace(at, parameter.size(), "(" + expression + ")");
  }
  return text;
}

}  // namespace toolkit::postgresql
