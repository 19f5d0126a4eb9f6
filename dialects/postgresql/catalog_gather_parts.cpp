#include <algorithm>

#include "catalog_gather.hpp"
#include "catalog_names.hpp"

// Constraints and indexes.

namespace toolkit::postgresql {

namespace {

std::string action_of(const std::string& letter) {
  return letter == "r"   ? "restrict"
         : letter == "c" ? "cascade"
         : letter == "n" ? "set null"
         : letter == "d" ? "set default"
                         : "";
}

/// By whose facts the server chooses a name: `table_column_check` where a check speaks of one column alone.
std::string origin_of(const Draft& draft, const Row& row, const std::vector<std::string>& columns) {
  const std::string name = text_of(row, 2);
  const std::string type = text_of(row, 3);
  bool generated = false;
  if (type == "p") {
    generated = is_generated_name(name, draft.name, {}, "pkey");
  } else if (type == "u") {
    generated = is_generated_name(name, draft.name, columns, "key");
  } else if (type == "f") {
    generated = is_generated_name(name, draft.name, columns, "fkey");
  } else if (type == "x") {
    generated = is_generated_name(name, draft.name, columns, "excl");
  } else {
    generated = is_generated_name(name, draft.name,
                                  columns.size() == 1 ? columns : std::vector<std::string>{}, "check");
  }
  return generated ? "generated" : "";
}

std::string deferrable_of(const Row& row) {
  return is_true(row, 5) ? "initially deferred" : is_true(row, 4) ? "initially immediate" : "";
}

std::string key_columns(const Row& row, const std::vector<std::string>& columns) {
  if (!is_true(row, 21) || columns.empty()) {
    return joined_names(columns);
  }
  const std::vector<std::string> first(columns.begin(), columns.end() - 1);
  const std::string last = spelled(columns.back());
  const bool is_key = text_of(row, 3) != "f";
  return joined_names(first) + (first.empty() ? "" : ", ") +
         (is_key ? last + " without overlaps" : last + " period");
}

void fill_key(CatalogObject& key, const Row& row, const std::vector<std::string>& columns,
              const std::string& origin) {
  key.kind = text_of(row, 3) == "p" ? "primary key" : "unique";
  add(key, "columns", key_columns(row, columns));
  add(key, "include", joined_names(list_of(row, 17)));
  add(key, "name-origin", origin);
  add(key, "nulls", is_true(row, 18) ? "not distinct" : "");
  add(key, "deferrable", deferrable_of(row));
  add(key, "options", joined(list_of(row, 19), ", "));
  add_fact(key, "clustered", is_true(row, 23));
}

void fill_foreign_key(CatalogObject& key, const Row& row, const std::vector<std::string>& columns,
                      const std::string& origin) {
  key.kind = "foreign key";
  const std::vector<std::string> table = list_of(row, 9);
  add(key, "columns", key_columns(row, columns));
  add(key, "references",
      top_name(table.at(0), table.at(1)) + " (" + key_columns(row, list_of(row, 10)) + ")");
  add(key, "on-update", action_of(text_of(row, 11)));
  const std::vector<std::string> set = list_of(row, 14);
  add(key, "on-delete", action_of(text_of(row, 12)) + (set.empty() ? "" : " (" + joined_names(set) + ")"));
  add(key, "match", text_of(row, 13) == "f" ? "full" : "");
  add(key, "deferrable", deferrable_of(row));
  // One that is not enforced is never valid.
  add_fact(key, "not-valid", !is_true(row, 6) && is_true(row, 20));
  add_fact(key, "not-enforced", !is_true(row, 20));
  add(key, "name-origin", origin);
}

void fill_check(CatalogObject& check, const Row& row, const std::string& origin) {
  check.kind = "check";
  std::string expression = text_of(row, 15);
  add(check, "expression", expression);
  add_fact(check, "not-valid", !is_true(row, 6) && is_true(row, 20));
  add_fact(check, "not-enforced", !is_true(row, 20));
  add_fact(check, "no-inherit", is_true(row, 7));
  add(check, "name-origin", origin);
}

/// `CREATE UNIQUE INDEX i ON t USING btree (lower(a) DESC, b)`: per column what stands behind it, in small
/// letters where it is ours to say.
std::vector<std::string> behind_columns(const std::string& definition, const std::string& method,
                                        const std::vector<std::string>& texts) {
  const std::string opening = " USING " + method + " (";
  std::size_t at = definition.find(opening);
  at = at == std::string::npos ? definition.size() : at + opening.size();
  std::vector<std::string> rests;
  for (const std::string& text : texts) {
    const std::size_t begin = std::min(at + text.size(), definition.size());
    const std::size_t end = end_of_part(definition, begin, ',');
    rests.push_back(definition.substr(begin, end - begin));
    at = end + 2;
  }
  return rests;
}

std::string in_small_letters(std::string rest) {
  for (const auto& [word, small] : {std::pair<const char*, const char*>{" NULLS FIRST", " nulls first"},
                                    {" NULLS LAST", " nulls last"},
                                    {" DESC", " desc"},
                                    {" COLLATE ", " collate "}}) {
    const std::string text(word);
    const std::size_t at = rest.find(text);
    if (at != std::string::npos && (rest.starts_with(text) || rest.ends_with(text) || text == " DESC")) {
      rest.replace(at, text.size(), small);
    }
  }
  return rest;
}

std::string index_columns(const Row& row, std::vector<std::string>& names) {
  std::vector<std::string> texts;
  for (const auto& pair : list_of(row, 4)) {
    const std::vector<std::string> cells = list_of({pair}, 0);
    names.push_back(cells.at(0));
    texts.push_back(cells.at(1));
  }
  const std::vector<std::string> rests = behind_columns(text_of(row, 2), text_of(row, 3), texts);
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool is_wrapped = texts[i].starts_with('(') && end_of_part(texts[i], 1, ')') + 1 == texts[i].size();
    const std::string expression = is_wrapped ? texts[i] : "(" + texts[i] + ")";
    columns.push_back((names[i].empty() ? expression : spelled(names[i])) + in_small_letters(rests[i]));
  }
  int expressions = 0;
  for (std::string& name : names) {  // ChooseIndexColumnNames
    if (name.empty()) {
      name = "expr" + (expressions == 0 ? std::string() : std::to_string(expressions));
      ++expressions;
    }
  }
  return joined(columns, ", ");
}

Draft* of_relation(Drafts& drafts, const Row& row) {
  const auto found = drafts.find("R" + text_of(row, 0));
  return found == drafts.end() ? nullptr : &found->second;
}

}  // namespace

void gather_constraints(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    const auto found = drafts.find(text_of(row, 0) + text_of(row, 1));
    if (found == drafts.end()) {
      continue;
    }
    const std::vector<std::string> columns = list_of(row, 8);
    const std::string origin = origin_of(found->second, row, columns);
    const std::string type = text_of(row, 3);
    CatalogObject constraint;
    constraint.name = text_of(row, 2);
    if (type == "p" || type == "u") {
      fill_key(constraint, row, columns, origin);
    } else if (type == "f") {
      fill_foreign_key(constraint, row, columns, origin);
    } else if (type == "c") {
      fill_check(constraint, row, origin);
    } else {
      constraint.kind = "exclusion";
      add(constraint, "definition", text_of(row, 16));
      add(constraint, "name-origin", origin);
    }
    add(constraint, "index-comment", text_of(row, 24));
    add(constraint, "comment", text_of(row, 22));
    found->second.object.children.push_back(std::move(constraint));
  }
}

void gather_indexes(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    Draft* draft = of_relation(drafts, row);
    if (draft == nullptr) {
      continue;
    }
    CatalogObject index;
    index.kind = "index";
    index.name = text_of(row, 1);
    std::vector<std::string> names;
    add(index, "columns", index_columns(row, names));
    add_fact(index, "unique", is_true(row, 6));
    add(index, "method", text_of(row, 3) == "btree" ? "" : text_of(row, 3));
    add(index, "where", text_of(row, 7));
    const std::vector<std::string> include = list_of(row, 5);
    add(index, "include", joined_names(include));
    add(index, "nulls", is_true(row, 8) ? "not distinct" : "");
    add_fact(index, "invalid", !is_true(row, 9));
    add(index, "options", joined(list_of(row, 11), ", "));
    add_fact(index, "clustered", is_true(row, 10));
    names.insert(names.end(), include.begin(), include.end());
    add(index, "name-origin", is_generated_name(index.name, draft->name, names, "idx") ? "generated" : "");
    add(index, "comment", text_of(row, 12));
    draft->object.children.push_back(std::move(index));
  }
}

}  // namespace toolkit::postgresql
