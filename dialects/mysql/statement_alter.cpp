#include "alter_clause.hpp"
#include "statement_parts.hpp"

namespace toolkit::mysql {

namespace {

using Class = StatementClass;

void add_all(ClauseEffects& sum, ClauseEffects each) {
  sum.added.merge(each.added);
  sum.removed.merge(each.removed);
  sum.is_refused_again = sum.is_refused_again || each.is_refused_again;
  sum.adds_again = sum.adds_again || each.adds_again;
  sum.is_unknown = sum.is_unknown || each.is_unknown;
  sum.new_name = each.new_name ? std::move(each.new_name) : std::move(sum.new_name);
}

// DROP COLUMN c, ADD COLUMN c: the second run is not refused and takes what the new column has got since.
// The same with a key builds the same key again; exchanged names are exchanged back.
Class class_of(const ClauseEffects& effects, std::size_t clauses) {
  bool refused = effects.is_refused_again || (effects.new_name && clauses > 1);
  bool loses = false;
  bool exchanges = false;
  for (const std::string& name : effects.added) {
    const bool is_back = effects.removed.contains(name);
    refused = refused || !is_back;
    loses = loses || (is_back && name.starts_with("column "));
  }
  for (const std::string& name : effects.removed) {
    refused = refused || !effects.added.contains(name);
  }
  exchanges = loses && effects.added == effects.removed && effects.added.size() > 1;
  return refused              ? Class::self_detecting
         : effects.is_unknown ? Class::opaque
         : exchanges          ? Class::unnamed
         : loses              ? Class::opaque
         : effects.adds_again ? Class::unnamed
                              : Class::repeatable;
}

// EXCHANGE PARTITION p WITH TABLE s, TRUNCATE PARTITION p, DISCARD and IMPORT stand alone.
std::optional<StatementForm> single_form(StatementReader clause, const ObjectName& table) {
  StatementForm form = plain_form(Class::opaque);
  form.keeps_tag = true;
  if (clause.take({"EXCHANGE", "PARTITION"})) {
    const auto name = clause.take_plain_name();
    const auto other = clause.take({"WITH", "TABLE"}) ? clause.take_name() : std::nullopt;
    if (name && other) {
      form.statement_class = Class::exchange_partition;
      form.objects = {{ObjectKind::table, table.schema, table.name, *name},
                      {ObjectKind::table, other->schema, other->name, ""}};
    }
    return form;
  }
  if (clause.take({"TRUNCATE", "PARTITION"})) {
    form.objects = {table};
    const auto name = clause.take_plain_name();
    if (name && clause.at_end() && !same_name(*name, "ALL")) {
      form.statement_class = Class::truncate;
      form.objects = {{ObjectKind::table, table.schema, table.name, *name}};
    }
    return form;
  }
  if (clause.is_any({"DISCARD", "IMPORT"})) {
    form.objects = {table};
    return form;
  }
  return std::nullopt;
}

// Only what the statement does can be done already: 1054 for a column that it renames, not for one after
// which it would add another.
std::vector<unsigned> done_codes(const ClauseEffects& effects) {
  std::vector<unsigned> codes;
  if (!effects.added.empty() || effects.is_refused_again) {
    codes = exists_codes();
  }
  if (!effects.removed.empty() || effects.is_refused_again) {
    const std::vector<unsigned> absent = absent_codes();
    codes.insert(codes.end(), absent.begin(), absent.end());
  }
  if (!effects.removed.empty() && !effects.added.empty()) {
    codes.push_back(1054);
  }
  if (effects.new_name) {
    codes.push_back(1146);
  }
  return codes;
}

}  // namespace

StatementForm alter_table_form(const StatementReader& reader, const ObjectName& table) {
  const std::vector<StatementReader> clauses = reader.clauses();
  if (!clauses.empty()) {
    if (auto form = single_form(clauses.front(), table)) {
      return std::move(*form);
    }
  }
  ClauseEffects sum;
  if (reader.peek(1) == "PARTITION") {  // stands alone, and has commas of its own
    add_all(sum, effects_of(reader));
  } else {
    for (const StatementReader& clause : clauses) {
      add_all(sum, effects_of(clause));
    }
  }
  StatementForm form = plain_form(class_of(sum, clauses.size()));
  form.keeps_tag = true;
  form.objects = {table};
  form.done_codes = done_codes(sum);
  if (sum.new_name) {
    form.objects.push_back({ObjectKind::table, sum.new_name->schema, sum.new_name->name, ""});
    if (clauses.size() == 1) {
      form.statement_class = StatementClass::rename_table;
      form.renames = {{0, 1}};
    }
  }
  return form;
}

}  // namespace toolkit::mysql
