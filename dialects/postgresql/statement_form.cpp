#include "statement_form.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "statement_reader.hpp"

namespace toolkit::postgresql {

namespace {

/// The name that the server keeps: unquoted, or in lower case.
std::string kept_name(const std::string& written) {
  if (written.front() != '"') {
    return lower(written);
  }
  std::string name;
  for (std::size_t i = 1; i + 1 < written.size(); ++i) {
    name += written[i];
    i += written[i] == '"' ? 1U : 0U;
  }
  return name;
}

StatementForm create_index(StatementReader& reader) {
  StatementForm found;
  found.if_exists = reader.take({"IF", "NOT", "EXISTS"});
  if (!reader.is("ON")) {
    const auto name = reader.identifier();
    if (!name) {
      return {};
    }
    found.name = kept_name(*name);
  }
  if (!reader.take({"ON"})) {
    return {};
  }
  reader.take({"ONLY"});
  const auto table = reader.qualified_name();
  if (!table) {
    return {};
  }
  found.form = Form::create_index;
  found.relation = *table;
  return found;
}

StatementForm drop_index(StatementReader& reader) {
  StatementForm found;
  found.if_exists = reader.take({"IF", "EXISTS"});
  const auto index = reader.qualified_name();
  reader.take({"RESTRICT"});
  reader.take({"CASCADE"});
  if (!index || !reader.at_end()) {
    return {};
  }
  found.form = Form::drop_index;
  found.relation = *index;
  return found;
}

StatementForm reindex(StatementReader& reader) {
  const std::vector<std::string> options = reader.options();
  const std::string kind = upper(reader.peek());
  if (!reader.identifier()) {
    return {};
  }
  const bool in_options = std::find(options.begin(), options.end(), "CONCURRENTLY") != options.end();
  const bool concurrently = reader.take({"CONCURRENTLY"}) || in_options;
  if (!concurrently) {
    return {Form::repeatable, "", "", false};
  }
  if (kind != "INDEX" && kind != "TABLE") {
    return {Form::rebuild_many, "", "", false};
  }
  const auto relation = reader.qualified_name();
  return relation && reader.at_end()
             ? StatementForm{kind == "INDEX" ? Form::rebuild_index : Form::rebuild_table, *relation, "",
                             false}
             : StatementForm{};
}

StatementForm detach_partition(StatementReader& reader) {
  StatementForm found;
  found.if_exists = reader.take({"IF", "EXISTS"});
  reader.take({"ONLY"});
  const auto table = reader.qualified_name();
  if (!table || !reader.take({"DETACH", "PARTITION"})) {
    return {};
  }
  const auto partition = reader.qualified_name();
  if (!partition || !reader.take({"CONCURRENTLY"}) || !reader.at_end()) {
    return {};
  }
  found.form = Form::detach_partition;
  found.relation = *table;
  found.name = *partition;
  return found;
}

StatementForm add_enum_value(StatementReader& reader) {
  StatementForm found;
  const auto type = reader.qualified_name();
  if (!type || !reader.take({"ADD", "VALUE"})) {
    return {};
  }
  found.if_exists = reader.take({"IF", "NOT", "EXISTS"});
  const auto value = reader.string();
  if (!value) {
    return {};
  }
  found.form = Form::add_enum_value;
  found.relation = *type;
  found.name = *value;
  return found;
}

StatementForm named(Form form, bool may_be_absent, StatementReader& reader) {
  StatementForm found;
  found.if_exists = may_be_absent && reader.take({"IF", "EXISTS"});
  const auto name = reader.identifier();
  if (!name) {
    return {};
  }
  found.form = form;
  found.name = kept_name(*name);
  return found;
}

StatementForm created(StatementReader& reader) {
  if (reader.take({"INDEX", "CONCURRENTLY"}) || reader.take({"UNIQUE", "INDEX", "CONCURRENTLY"})) {
    return create_index(reader);
  }
  if (reader.take({"DATABASE"})) {
    return named(Form::create_database, false, reader);
  }
  if (reader.take({"TABLESPACE"})) {
    return named(Form::create_tablespace, false, reader);
  }
  return reader.take({"SUBSCRIPTION"}) ? named(Form::subscription, false, reader) : StatementForm{};
}

StatementForm dropped(StatementReader& reader) {
  if (reader.take({"INDEX", "CONCURRENTLY"})) {
    return drop_index(reader);
  }
  if (reader.take({"DATABASE"})) {
    return named(Form::drop_database, true, reader);
  }
  if (reader.take({"TABLESPACE"})) {
    return named(Form::drop_tablespace, true, reader);
  }
  return reader.take({"SUBSCRIPTION"}) ? named(Form::subscription, true, reader) : StatementForm{};
}

StatementForm altered(StatementReader& reader) {
  if (reader.take({"TABLE"})) {
    return detach_partition(reader);
  }
  if (reader.take({"TYPE"})) {
    return add_enum_value(reader);
  }
  if (reader.take({"SUBSCRIPTION"})) {
    return named(Form::subscription, false, reader);
  }
  if (reader.take({"DATABASE"}) && reader.identifier() && reader.take({"SET", "TABLESPACE"})) {
    return {Form::repeatable, "", "", false};
  }
  return reader.take({"SYSTEM"}) ? StatementForm{Form::repeatable, "", "", false} : StatementForm{};
}

/// What a CREATE INDEX says behind its table, with the method that it has without one.
std::string columns_of(std::string_view text) {
  StatementReader reader(text);
  const bool unique = reader.take({"CREATE", "UNIQUE", "INDEX"});
  if (!unique && !reader.take({"CREATE", "INDEX"})) {
    return {};
  }
  reader.take({"CONCURRENTLY"});
  reader.take({"IF", "NOT", "EXISTS"});
  if (!reader.is("ON")) {
    reader.identifier();
  }
  reader.take({"ON"});
  reader.take({"ONLY"});
  if (!reader.qualified_name()) {
    return {};
  }
  std::string method = "btree";
  if (reader.take({"USING"})) {
    method = lower(reader.peek());
    reader.identifier();
  }
  return (unique ? "unique " : "") + method + " " + reader.rest();
}

}  // namespace

StatementForm statement_form(std::string_view statement) {
  StatementReader reader(statement);
  if (reader.take({"CREATE"})) {
    return created(reader);
  }
  if (reader.take({"DROP"})) {
    return dropped(reader);
  }
  if (reader.take({"ALTER"})) {
    return altered(reader);
  }
  if (reader.take({"REINDEX"})) {
    return reindex(reader);
  }
  return reader.is("VACUUM") || reader.is("CLUSTER") ? StatementForm{Form::repeatable, "", "", false}
                                                     : StatementForm{};
}

bool is_same_index(std::string_view statement, std::string_view definition) {
  const std::string wanted = columns_of(statement);
  return !wanted.empty() && wanted == columns_of(definition);
}

std::string_view to_string(Form form) {
  switch (form) {
    case Form::create_index:
      return "create-index";
    case Form::drop_index:
      return "drop-index";
    case Form::rebuild_index:
      return "rebuild-index";
    case Form::rebuild_table:
      return "rebuild-table";
    case Form::rebuild_many:
      return "rebuild-many";
    case Form::detach_partition:
      return "detach-partition";
    case Form::create_database:
      return "create-database";
    case Form::drop_database:
      return "drop-database";
    case Form::create_tablespace:
      return "create-tablespace";
    case Form::drop_tablespace:
      return "drop-tablespace";
    case Form::add_enum_value:
      return "add-enum-value";
    case Form::repeatable:
      return "repeatable";
    case Form::subscription:
      return "subscription";
    case Form::opaque:
      return "opaque";
  }
  return "opaque";
}

}  // namespace toolkit::postgresql
