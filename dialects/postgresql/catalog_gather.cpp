#include "catalog_gather.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "catalog_expression.hpp"
#include "catalog_names.hpp"

namespace toolkit::postgresql {

std::string text_of(const Row& row, std::size_t column) { return row.at(column).value_or(""); }

bool is_true(const Row& row, std::size_t column) { return row.at(column) == "t"; }

std::vector<std::string> list_of(const Row& row, std::size_t column) {
  std::vector<std::string> texts;
  if (!row.at(column)) {
    return texts;
  }
  for (const auto& item : nlohmann::json::parse(*row.at(column))) {
    texts.push_back(item.is_null() ? "" : item.is_string() ? item.get<std::string>() : item.dump());
  }
  return texts;
}

namespace {

/// Properties that the server writes as SQL from what it has parsed. A body is the text that was given.
constexpr std::array<std::string_view, 12> code = {
    "check",           "columns",        "default",  "definition", "expression", "generated",
    "partition-bound", "partitioned-by", "sql-body", "using",      "when",       "where"};

}  // namespace

void add(CatalogObject& object, const std::string& name, const std::string& value) {
  if (!value.empty()) {
    const bool is_code = std::find(code.begin(), code.end(), name) != code.end();
    object.properties.push_back({name, is_code ? with_cast_elements(value) : value});
  }
}

void add_fact(CatalogObject& object, const std::string& name, bool holds) {
  add(object, name, holds ? "yes" : "");
}

std::string joined(const std::vector<std::string>& texts, const std::string& separator) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : separator) + text;
  }
  return all;
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) {
    all += (all.empty() ? "" : ", ") + spelled(name);
  }
  return all;
}

namespace {

/// The bounds that the server chooses for a type and a direction.
std::pair<std::string, std::string> default_bounds(const std::string& type, bool ascending) {
  const std::string most = type == "smallint"  ? "32767"
                           : type == "integer" ? "2147483647"
                                               : "9223372036854775807";
  const std::string least = type == "smallint"  ? "-32768"
                            : type == "integer" ? "-2147483648"
                                                : "-9223372036854775808";
  return ascending ? std::pair<std::string, std::string>{"1", most}
                   : std::pair<std::string, std::string>{least, "-1"};
}

}  // namespace

void add_sequence(CatalogObject& object, const SequenceRow& sequence) {
  const bool ascending = !sequence.increment.starts_with('-');
  const auto [least, most] = default_bounds(sequence.type, ascending);
  const auto unless = [&](const std::string& name, const std::string& value, const std::string& usual) {
    add(object, name, value == usual ? "" : value);
  };
  unless("start", sequence.start, ascending ? sequence.minimum : sequence.maximum);
  unless("increment", sequence.increment, "1");
  unless("minimum", sequence.minimum, least);
  unless("maximum", sequence.maximum, most);
  unless("cache", sequence.cache, "1");
  add_fact(object, "cycle", sequence.cycle);
}

std::string sequence_options(const SequenceRow& sequence) {
  CatalogObject object;
  add_sequence(object, sequence);
  std::vector<std::string> options;
  for (const Property& each : object.properties) {
    options.push_back(each.name == "cycle" ? each.name : each.name + " " + each.value);
  }
  return options.empty() ? "" : " (" + joined(options, ", ") + ")";
}

CatalogObject grant_of(const std::string& role, const std::string& on, const std::string& privileges) {
  CatalogObject grant;
  grant.kind = "grant";
  grant.name = role + " on " + on;
  add(grant, "to", role);
  add(grant, "on", on);
  add(grant, "privileges", privileges);
  return grant;
}

void gather_requirements(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    const auto found = drafts.find(text_of(row, 0) + text_of(row, 1));
    const std::string kind = text_of(row, 2);
    if (found == drafts.end() || kind.empty()) {
      continue;
    }
    // A sequence stands before the table that owns it, a view behind all tables, a table behind all types.
    const std::string& needing = found->second.object.kind;
    const bool by_order = needing == "sequence" ||
                          (needing == "view" && kind != "routine" && kind != "view") ||
                          (needing == "table" && kind != "routine" && kind != "table");
    std::string name = top_name(text_of(row, 3), text_of(row, 4));
    name += kind == "routine" ? "(" + text_of(row, 5) + ")" : "";
    if (!by_order && (kind != needing || name != found->second.object.name)) {
      found->second.needs.push_back(kind + " " + name);
    }
  }
}

void gather_grants(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    const auto found = drafts.find(text_of(row, 0) + text_of(row, 1));
    if (found == drafts.end()) {
      continue;
    }
    Draft& draft = found->second;
    const std::string column = text_of(row, 2);
    const std::string on = draft.object.kind + " " + draft.object.name;
    const std::string part = column.empty() ? "" : " column " + spelled(column);
    draft.grants.push_back(grant_of(text_of(row, 3), on + part, text_of(row, 4)));
  }
}

void finish(Draft& draft) {
  CatalogObject& object = draft.object;
  std::sort(draft.needs.begin(), draft.needs.end());
  draft.needs.erase(std::unique(draft.needs.begin(), draft.needs.end()), draft.needs.end());
  // What a table inherits from is a property of its own.
  std::erase_if(draft.needs, [&](const std::string& need) {
    const std::string parents =
        std::string(object.property("partition-of")) + ", " + std::string(object.property("inherits"));
    const std::vector<SpelledPart> parts = split_list(parents);
    return object.kind == "table" && need.starts_with("table ") && !parts.empty() &&
           (", " + parents + ", ").find(", " + need.substr(6) + ", ") != std::string::npos;
  });
  add(object, "requires", joined(draft.needs, "; "));
  add(object, "comment", draft.comment);
}

}  // namespace toolkit::postgresql
