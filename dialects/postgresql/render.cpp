#include "render.hpp"

#include <algorithm>

#include "catalog_names.hpp"
#include "render_parts.hpp"
#include "toolkit/error.hpp"

namespace toolkit::postgresql {

namespace {

void make(const CatalogObject& object, const Catalog& catalog, Statements& statements) {
  if (object.kind == "schema") {
    make_schema(object, statements);
  } else if (object.kind == "extension") {
    make_extension(object, statements);
  } else if (object.kind == "enum") {
    make_enum(object, statements);
  } else if (object.kind == "domain") {
    make_domain(object, statements);
  } else if (object.kind == "type") {
    make_type(object, statements);
  } else if (object.kind == "sequence") {
    make_sequence(object, statements);
  } else if (object.kind == "routine") {
    make_routine(object, statements);
  } else if (object.kind == "table") {
    make_table(object, catalog, statements);
  } else {
    make_view(object, statements);
  }
}

void refuse_unsupported(const Catalog& catalog) {
  if (catalog.unsupported.empty()) {
    return;
  }
  std::string names;
  for (const std::string& name : catalog.unsupported) {
    names += (names.empty() ? "" : ", ") + name;
  }
  throw Error(ErrorKind::server, "the catalog has what cannot be written: " + names,
              "write this part of the schema by hand");
}

void own_sequence(const CatalogObject& object, Statements& statements) {
  const std::string_view owner = object.property("owned-by");
  if (object.kind != "sequence" || owner.empty()) {
    return;
  }
  // table.column or schema.table.column, spelled
  std::string name;
  std::size_t at = 0;
  while (at < owner.size()) {
    const std::size_t end = end_of_part(owner, at, '.');
    name += (name.empty() ? "" : ".") + sql_name(split_list(owner.substr(at, end - at)).at(0).name);
    at = end + 1;
  }
  statements.push_back("ALTER SEQUENCE " + sql_top_name(object.name) + " OWNED BY " + name);
}

bool has_bodies(const Catalog& catalog) {
  return std::any_of(catalog.objects.begin(), catalog.objects.end(),
                     [](const auto& object) { return object->kind == "routine"; });
}

}  // namespace

std::vector<std::string> render(const Catalog& catalog) {
  refuse_unsupported(catalog);
  if (catalog.objects.empty()) {
    return {};
  }
  Statements statements;
  statements.emplace_back("SET search_path = public");
  if (has_bodies(catalog)) {
    statements.emplace_back("SET check_function_bodies = off");
  }
  const std::vector<const CatalogObject*> order = in_order_of_making(catalog);
  for (const CatalogObject* object : order) {
    make(*object, catalog, statements);
  }
  for (const auto step : {own_sequence, add_indexes, add_foreign_keys, add_behaviour, add_comments}) {
    for (const CatalogObject* object : order) {
      step(*object, statements);
    }
  }
  for (const auto& object : catalog.objects) {
    if (object->kind == "grant") {
      add_grant(*object, statements);
    }
  }
  if (has_bodies(catalog)) {
    statements.emplace_back("RESET check_function_bodies");
  }
  statements.emplace_back("RESET search_path");
  return statements;
}

}  // namespace toolkit::postgresql
