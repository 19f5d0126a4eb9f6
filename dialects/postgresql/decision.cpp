#include "decision.hpp"

#include <algorithm>

namespace toolkit::postgresql {

namespace {

bool has(const ObjectState& state, std::int64_t oid) {
  return std::any_of(state.indexes.begin(), state.indexes.end(),
                     [oid](const IndexState& index) { return index.oid == oid; });
}

std::vector<IndexState> added(const ObjectState& before, const ObjectState& now) {
  std::vector<IndexState> list;
  std::copy_if(now.indexes.begin(), now.indexes.end(), std::back_inserter(list),
               [&](const IndexState& index) { return !has(before, index.oid); });
  return list;
}

/// `…_ccnew`, `…_ccold1`: what REINDEX CONCURRENTLY calls its copies (manual, REINDEX).
bool is_copy_of_rebuild(const IndexState& index) {
  std::string name = index.name;
  name.erase(name.find_last_not_of('"') + 1);
  name.erase(name.find_last_not_of("0123456789") + 1);
  return name.ends_with("_ccnew") || name.ends_with("_ccold");
}

Decision left_nothing(std::string evidence) { return {Verdict::left_nothing, std::move(evidence), {}, {}}; }
Decision took_effect(std::string evidence) { return {Verdict::took_effect, std::move(evidence), {}, {}}; }
Decision undecided(std::string evidence) { return {Verdict::undecided, std::move(evidence), {}, {}}; }

Decision with_dropped(std::vector<std::string> indexes, Decision decision) {
  decision.invalid_indexes = std::move(indexes);
  return decision;
}

Decision decide_unnamed_index(std::string_view statement, const Sighting& seen) {
  std::vector<std::string> invalid;
  for (const IndexState& index : added(seen.before, seen.now)) {
    if (!is_same_index(statement, index.definition)) {
      return undecided("the statement names no index, and " + index.name + " is new on its table");
    }
    if (index.is_valid) {
      return took_effect("the index " + index.name + " is there and valid");
    }
    invalid.push_back(index.name);
  }
  return invalid.empty() ? left_nothing("no index was added to its table")
                         : with_dropped(invalid, left_nothing("its invalid index was dropped"));
}

Decision decide_create_index(std::string_view statement, const StatementForm& form, const Sighting& seen) {
  if (seen.before.oid && seen.now.oid && seen.before.oid != seen.now.oid) {
    return undecided("the table " + form.relation + " is another one than before");
  }
  if (form.name.empty()) {
    return decide_unnamed_index(statement, seen);
  }
  const auto found = std::find_if(seen.now.indexes.begin(), seen.now.indexes.end(),
                                  [](const IndexState& index) { return index.is_named; });
  if (found == seen.now.indexes.end()) {
    return left_nothing("the index " + form.name + " is not there");
  }
  if (has(seen.before, found->oid)) {
    return left_nothing("the index " + form.name + " was there before, so nothing was built");
  }
  return found->is_valid ? took_effect("the index " + form.name + " is there and valid")
                         : with_dropped({found->name}, left_nothing("its invalid index was dropped"));
}

Decision decide_drop_index(const StatementForm& form, const Sighting& seen) {
  if (!seen.before.oid) {
    return seen.now.oid ? undecided("the index " + form.relation + " came up meanwhile")
                        : left_nothing("there was no index " + form.relation);
  }
  if (seen.now.oid == seen.before.oid) {
    return left_nothing("the index " + form.relation + " is still there");
  }
  if (seen.is_still_there) {
    return undecided("the index that was meant has another name now");
  }
  return seen.now.oid ? undecided("the index that was meant is gone, and another one has its name")
                      : took_effect("the index " + form.relation + " is gone");
}

/// Which indexes stand for a rebuild: the one that is named, or those of the table.
bool was_rebuilt(Form form, const Sighting& seen) {
  if (form == Form::rebuild_index) {
    const bool replaced = seen.before.oid && seen.now.oid && seen.before.oid != seen.now.oid;
    return replaced &&
           std::any_of(seen.now.indexes.begin(), seen.now.indexes.end(),
                       [&](const IndexState& index) { return index.oid == seen.now.oid && index.is_valid; });
  }
  return form == Form::rebuild_table && !seen.before.indexes.empty() &&
         seen.now.indexes.size() >= seen.before.indexes.size() &&
         std::none_of(seen.before.indexes.begin(), seen.before.indexes.end(),
                      [&](const IndexState& index) { return has(seen.now, index.oid); });
}

Decision decide_rebuild(std::string_view statement, const StatementForm& form, const Sighting& seen) {
  const std::vector<std::string> copies = left_by_attempt(statement, form, seen.before, seen.now);
  const std::string and_dropped = copies.empty() ? "" : "; its invalid copies were dropped";
  return with_dropped(copies, was_rebuilt(form.form, seen)
                                  ? took_effect("every index that it means was rebuilt" + and_dropped)
                                  : left_nothing("building it once more gives the same" + and_dropped));
}

Decision decide_detach(const StatementForm& form, const Sighting& seen) {
  if (seen.before.oid != seen.now.oid || seen.before.partition != seen.now.partition) {
    return undecided("the table or its partition is not the one that it was");
  }
  if (seen.now.is_pending) {
    if (seen.before.is_pending) {
      return left_nothing("the partition was being detached before already");
    }
    Decision decision = took_effect("detaching was begun; it was finished with FINALIZE");
    decision.last_act = "ALTER TABLE " + form.relation + " DETACH PARTITION " + form.name + " FINALIZE";
    return decision;
  }
  if (seen.now.is_attached) {
    return left_nothing("the partition is still attached");
  }
  return seen.before.is_attached ? took_effect("the partition is detached")
                                 : left_nothing("it was no partition before either");
}

Decision decide_create(const std::string& what, const Sighting& seen) {
  if (!seen.now.oid) {
    return left_nothing(what + " is not there");
  }
  if (!seen.before.oid) {
    return took_effect(what + " is there");
  }
  return seen.before.oid == seen.now.oid ? left_nothing(what + " was there before, so none was created")
                                         : undecided(what + " is another one than before");
}

Decision decide_drop(const std::string& what, const Sighting& seen) {
  if (seen.before.oid && seen.now.oid == seen.before.oid) {
    return left_nothing(what + (seen.now.is_invalid ? " is there, half dropped: dropping it again ends that"
                                                    : " is still there"));
  }
  if (!seen.now.oid) {
    return seen.before.oid ? took_effect(what + " is gone") : left_nothing("there was none: " + what);
  }
  return undecided(what + " is another one than before");
}

Decision decide_enum_value(const StatementForm& form, const Sighting& seen) {
  const auto holds = [&](const ObjectState& state) {
    return std::find(state.values.begin(), state.values.end(), form.name) != state.values.end();
  };
  const std::string what = "the value '" + form.name + "' of " + form.relation;
  if (seen.before.oid != seen.now.oid) {
    return undecided("the type " + form.relation + " is another one than before");
  }
  if (holds(seen.before)) {
    return left_nothing(what + " was there before");
  }
  return holds(seen.now) ? took_effect(what + " is there") : left_nothing(what + " is not there");
}

}  // namespace

std::vector<std::string> left_by_attempt(std::string_view statement, const StatementForm& form,
                                         const ObjectState& before, const ObjectState& now) {
  std::vector<std::string> names;
  for (const IndexState& index : added(before, now)) {
    const bool ours = form.form == Form::create_index
                          ? (form.name.empty() ? is_same_index(statement, index.definition) : index.is_named)
                          : is_copy_of_rebuild(index);
    if (!index.is_valid && ours) {
      names.push_back(index.name);
    }
  }
  return names;
}

Decision decide(std::string_view statement, const StatementForm& form, const Sighting& seen) {
  switch (form.form) {
    case Form::create_index:
      return decide_create_index(statement, form, seen);
    case Form::drop_index:
      return decide_drop_index(form, seen);
    case Form::rebuild_index:
    case Form::rebuild_table:
    case Form::rebuild_many:
      return decide_rebuild(statement, form, seen);
    case Form::detach_partition:
      return decide_detach(form, seen);
    case Form::create_database:
      return decide_create("the database " + form.name, seen);
    case Form::create_tablespace:
      return decide_create("the tablespace " + form.name, seen);
    case Form::drop_database:
      return decide_drop("the database " + form.name, seen);
    case Form::drop_tablespace:
      return decide_drop("the tablespace " + form.name, seen);
    case Form::add_enum_value:
      return decide_enum_value(form, seen);
    case Form::repeatable:
      return left_nothing("running it once more gives the same");
    case Form::subscription:
      return undecided("a replication slot on another server may be there or not, and there is no probe");
    case Form::opaque:
      break;
  }
  return undecided("nothing tells what this statement leaves behind, and there is no probe");
}

}  // namespace toolkit::postgresql
