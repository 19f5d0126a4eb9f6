#include <nlohmann/json.hpp>

#include "catalog_gather.hpp"
#include "catalog_names.hpp"
#include "catalog_types.hpp"

// Relations, their columns, and sequences.

namespace toolkit::postgresql {

namespace {

std::string parents_of(const Row& row, std::size_t column) {
  std::vector<std::string> names;
  if (row.at(column)) {
    for (const auto& parent : nlohmann::json::parse(*row.at(column))) {
      names.push_back(top_name(parent.at(0).get<std::string>(), parent.at(1).get<std::string>()));
    }
  }
  return joined(names, ", ");
}

std::string row_security(const Row& row) {
  return is_true(row, 6)   ? (is_true(row, 7) ? "forced" : "enabled")
         : is_true(row, 7) ? "forced, disabled"
                           : "";
}

std::string replica_identity(const Row& row) {
  const std::string letter = text_of(row, 8);
  return letter == "f"   ? "full"
         : letter == "n" ? "nothing"
         : letter == "i" ? "index " + spelled(text_of(row, 16))
                         : "";
}

void fill_table(const Row& row, Draft& draft) {
  CatalogObject& table = draft.object;
  table.kind = "table";
  add(table, "access-method", text_of(row, 9) == "heap" ? "" : text_of(row, 9));
  add_fact(table, "unlogged", text_of(row, 4) == "u");
  add(table, "partitioned-by", text_of(row, 10));
  const bool is_partition = row.at(11).has_value();
  add(table, is_partition ? "partition-of" : "inherits", parents_of(row, 12));
  add(table, "partition-bound", text_of(row, 11));
  add(table, "row-security", row_security(row));
  add(table, "replica-identity", replica_identity(row));
  add(table, "options", joined(list_of(row, 5), ", "));
  if (is_true(row, 14)) {
    draft.unsupported.push_back("typed table " + table.name);
  }
}

void fill_view(const Row& row, Draft& draft) {
  CatalogObject& view = draft.object;
  view.kind = "view";
  std::string definition = text_of(row, 13);
  definition.erase(0, definition.find_first_not_of(' '));
  definition.erase(definition.find_last_not_of(";\n ") + 1);
  add(view, "definition", definition);
  add_fact(view, "materialized", text_of(row, 1) == "m");
  std::vector<std::string> options;
  std::string check;
  std::string security;
  for (const std::string& option : list_of(row, 5)) {
    if (option.starts_with("check_option=")) {
      check = option.substr(13);
    } else if (option == "security_invoker=true" || option == "security_invoker=on") {
      security = "invoker";
    } else {
      options.push_back(option);
    }
  }
  add(view, "check-option", check);
  add(view, "security", security);
  add(view, "access-method", text_of(row, 9) == "heap" ? "" : text_of(row, 9));
  add(view, "options", joined(options, ", "));
}

/// Without what the server writes for itself: a 15.20 was seen to keep `pg_attver=…` with every column,
/// another value for each database, which no SET or RESET changes. All other options are said, known or not.
std::string column_options(const Row& row) {
  std::vector<std::string> options = list_of(row, 14);
  std::erase_if(options, [](const std::string& option) { return option.starts_with("pg_attver="); });
  return joined(options, ", ");
}

/// The storage, compression, … of a column, where they are not the type's.
void add_physical(CatalogObject& column, const Row& row) {
  const std::string storage = text_of(row, 11);
  add(column, "storage",
      storage == "p"   ? "plain"
      : storage == "e" ? "external"
      : storage == "m" ? "main"
      : storage == "x" ? "extended"
                       : "");
  const std::string compression = text_of(row, 12);
  add(column, "compression", compression == "p" ? "pglz" : compression == "l" ? "lz4" : "");
  add(column, "statistics", text_of(row, 13));
  add(column, "options", column_options(row));
  add_fact(column, "inherited", is_true(row, 17));
  add(column, "comment", text_of(row, 15));
}

std::string identity_of(const Row& row) {
  const std::vector<std::string> q = list_of(row, 8);
  const std::string kind = text_of(row, 7) == "a" ? "always" : "by default";
  return q.empty() ? kind
                   : kind + sequence_options(
                                {q.at(0), q.at(1), q.at(2), q.at(3), q.at(4), q.at(5), q.at(6) == "true"});
}

std::string not_null_of(const Row& row) {
  const std::vector<std::string> flags = list_of(row, 16);
  if (flags.empty()) {
    return "";
  }
  return flags.at(0) == "false" ? (flags.at(1) == "true" ? "not valid, no inherit" : "not valid")
                                : "no inherit";
}

/// DEFAULT NULL is kept where the type has a length (`NULL::character varying`), and means no default. Of a
/// domain it hides the domain's own.
std::string default_of(const std::string& expression, bool is_domain) {
  return !is_domain && expression.starts_with("NULL::") ? "" : expression;
}

CatalogObject column_of(const Row& row) {
  CatalogObject column;
  column.kind = "column";
  column.name = text_of(row, 1);
  const std::string type = text_of(row, 2);
  const std::string below = text_of(row, 3);
  add(column, "type", type);
  add(column, "logical", logical_type(below.empty() ? type : below, is_true(row, 4)));
  add(column, "nullable", is_true(row, 5) ? "no" : "yes");
  add(column, "not-null", not_null_of(row));
  const std::string generated = text_of(row, 9);
  const std::string expression = text_of(row, 6);
  add(column, "default", generated.empty() ? default_of(expression, !below.empty()) : "");
  add(column, "identity", text_of(row, 7).empty() ? "" : identity_of(row));
  add(column, "generated",
      generated.empty() ? "" : (generated == "v" ? "virtual (" : "stored (") + expression + ")");
  add(column, "collation", text_of(row, 10));
  add_physical(column, row);
  return column;
}

}  // namespace

void gather_relations(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    Draft& draft = drafts["R" + text_of(row, 0)];
    const std::string kind = text_of(row, 1);
    draft.name = text_of(row, 3);
    draft.object.name = top_name(text_of(row, 2), draft.name);
    draft.comment = text_of(row, 15);
    if (kind == "v" || kind == "m") {
      fill_view(row, draft);
    } else if (kind == "S") {
      draft.object.kind = "sequence";
      add_fact(draft.object, "unlogged", text_of(row, 4) == "u");
    } else if (kind == "c") {
      draft.object.kind = "type";
    } else if (kind == "f") {
      draft.unsupported.push_back("foreign table " + draft.object.name);
    } else {
      fill_table(row, draft);
    }
  }
}

void gather_columns(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    const auto found = drafts.find("R" + text_of(row, 0));
    if (found != drafts.end() && found->second.object.kind != "sequence") {
      found->second.columns.push_back(text_of(row, 1));
      found->second.object.children.push_back(column_of(row));
    }
  }
}

void gather_sequences(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    const auto found = drafts.find("R" + text_of(row, 0));
    if (found == drafts.end()) {
      continue;
    }
    CatalogObject& sequence = found->second.object;
    const SequenceRow facts{text_of(row, 1), text_of(row, 2), text_of(row, 3), text_of(row, 4),
                            text_of(row, 5), text_of(row, 6), is_true(row, 7)};
    sequence.properties.insert(sequence.properties.begin(), {"type", facts.type});
    add_sequence(sequence, facts);
    const std::vector<std::string> owner = list_of(row, 8);
    add(sequence, "owned-by",
        owner.empty() ? "" : top_name(owner.at(0), owner.at(1)) + "." + spelled(owner.at(2)));
  }
}

}  // namespace toolkit::postgresql
