#include "catalog_gather.hpp"
#include "catalog_names.hpp"
#include "catalog_types.hpp"

// Enums, domains, ranges; functions, procedures, aggregates.

namespace toolkit::postgresql {

namespace {

void fill_domain(CatalogObject& domain, const Row& row) {
  domain.kind = "domain";
  const std::string type = text_of(row, 6);
  add(domain, "type", type);
  add(domain, "logical", logical_type(type, is_true(row, 10)));
  add(domain, "nullable", is_true(row, 7) ? "no" : "yes");
  add(domain, "default", text_of(row, 8));
  add(domain, "collation", text_of(row, 9));
}

void fill_range(CatalogObject& range, const Row& row) {
  range.kind = "type";
  const std::vector<std::string> facts = list_of(row, 11);
  constexpr const char* names[] = {"subtype",   "subtype_opclass", "collation",
                                   "canonical", "subtype_diff",    "multirange_type_name"};
  std::vector<std::string> options;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (!facts[i].empty()) {
      options.push_back(std::string(names[i]) + " = " + facts[i]);
    }
  }
  add(range, "range", joined(options, ", "));
}

std::string kind_of(const std::string& letter) {
  return letter == "p"   ? "procedure"
         : letter == "a" ? "aggregate"
         : letter == "w" ? "window function"
                         : "function";
}

void add_language_facts(CatalogObject& routine, const Row& row) {
  const std::string language = text_of(row, 7);
  const bool is_aggregate = text_of(row, 3) == "a";
  add(routine, "language", is_aggregate ? "" : language);
  const std::string volatility = text_of(row, 8);
  add(routine, "volatility",
      is_aggregate        ? ""
      : volatility == "i" ? "immutable"
      : volatility == "s" ? "stable"
                          : "");
  add_fact(routine, "strict", is_true(row, 9));
  add(routine, "security", is_true(row, 10) ? "definer" : "");
  add_fact(routine, "leakproof", is_true(row, 11));
  const std::string parallel = text_of(row, 12);
  add(routine, "parallel", parallel == "s" ? "safe" : parallel == "r" ? "restricted" : "");
  if (!is_aggregate) {
    add(routine, "cost",
        text_of(row, 13) == (language == "c" || language == "internal" ? "1" : "100") ? ""
                                                                                      : text_of(row, 13));
    add(routine, "rows", text_of(row, 14) == (is_true(row, 20) ? "1000" : "0") ? "" : text_of(row, 14));
  }
  add(routine, "support", text_of(row, 19));
  add(routine, "set", joined(list_of(row, 15), "\n"));
}

void add_body(CatalogObject& routine, const Row& row) {
  if (text_of(row, 3) == "a") {
    return;
  }
  add(routine, "library", text_of(row, 17));
  add(routine, row.at(18) ? "sql-body" : "body", row.at(18) ? *row.at(18) : text_of(row, 16));
}

std::string modify_of(const std::string& letter, const std::string& kind) {
  const bool is_usual = letter == (kind == "n" ? "r" : "w");
  return is_usual ? "" : letter == "r" ? "read_only" : letter == "s" ? "shareable" : "read_write";
}

std::string quoted_text(const std::string& text) {
  std::string all = "'";
  for (const char c : text) {
    all.append(c == '\'' ? 2U : 1U, c);
  }
  return all + "'";
}

/// What stands in the parentheses of CREATE AGGREGATE.
std::string aggregate_body(const Row& row) {
  std::vector<std::string> options;
  const auto option = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      options.push_back(std::string(name) + " = " + value);
    }
  };
  const auto flag = [&](const char* name, bool holds) {
    if (holds) {
      options.emplace_back(name);
    }
  };
  const std::string kind = text_of(row, 1);
  option("sfunc", text_of(row, 2));
  option("stype", text_of(row, 3));
  option("sspace", text_of(row, 4));
  option("finalfunc", text_of(row, 5));
  flag("finalfunc_extra", is_true(row, 6));
  option("finalfunc_modify", text_of(row, 5).empty() ? "" : modify_of(text_of(row, 7), kind));
  option("combinefunc", text_of(row, 8));
  option("serialfunc", text_of(row, 9));
  option("deserialfunc", text_of(row, 10));
  option("initcond", row.at(11) ? quoted_text(*row.at(11)) : "");
  option("msfunc", text_of(row, 12));
  option("minvfunc", text_of(row, 13));
  option("mstype", text_of(row, 14));
  option("msspace", text_of(row, 15));
  option("mfinalfunc", text_of(row, 16));
  flag("mfinalfunc_extra", is_true(row, 17));
  option("mfinalfunc_modify", text_of(row, 16).empty() ? "" : modify_of(text_of(row, 18), kind));
  option("minitcond", row.at(19) ? quoted_text(*row.at(19)) : "");
  const std::string order = text_of(row, 20);
  option("sortop", order.empty() ? "" : "operator(" + order.substr(0, order.find('(')) + ")");
  flag("hypothetical", kind == "h");
  return joined(options, ", ");
}

}  // namespace

void gather_types(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    Draft& draft = drafts["T" + text_of(row, 0)];
    draft.name = text_of(row, 3);
    draft.object.name = top_name(text_of(row, 2), draft.name);
    draft.comment = text_of(row, 4);
    const std::string kind = text_of(row, 1);
    if (kind == "d") {
      fill_domain(draft.object, row);
    } else if (kind == "r") {
      fill_range(draft.object, row);
    } else {
      draft.object.kind = "enum";
      add(draft.object, "labels", text_of(row, 5));
    }
  }
}

void gather_routines(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    Draft& draft = drafts["P" + text_of(row, 0)];
    CatalogObject& routine = draft.object;
    routine.kind = "routine";
    draft.name = text_of(row, 2);
    routine.name = top_name(text_of(row, 1), draft.name) + "(" + text_of(row, 4) + ")";
    draft.comment = text_of(row, 21);
    add(routine, "kind", kind_of(text_of(row, 3)));
    add(routine, "arguments", text_of(row, 5));
    add(routine, "returns", text_of(row, 6));
    add_language_facts(routine, row);
    add_body(routine, row);
    if (is_true(row, 22)) {
      draft.unsupported.push_back("transform of " + routine.name);
    }
  }
}

void gather_aggregates(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    const auto found = drafts.find("P" + text_of(row, 0));
    if (found != drafts.end()) {
      add(found->second.object, "body", aggregate_body(row));
    }
  }
}

}  // namespace toolkit::postgresql
