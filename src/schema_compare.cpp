#include <algorithm>

#include "migrator_parts.hpp"
#include "plan_parts.hpp"
#include "schema_sandbox.hpp"
#include "toolkit/schema.hpp"

namespace toolkit {

namespace {

void judge(SchemaComparison& comparison, const Registry& dialects, bool strict) {
  const std::string& expected = comparison.expected.dialect;
  const std::string& actual = comparison.actual.dialect;
  if (expected != actual) {
    throw Error(ErrorKind::usage,
                comparison.expected.source + " is of " + expected + ", " + comparison.actual.source + " of " +
                    actual + ": this compares two of one dialect",
                "'toolkit parity' compares databases of different dialects");
  }
  for (const ReadSchema* side : {&comparison.expected, &comparison.actual}) {
    comparison.notes.insert(comparison.notes.end(), side->notes.begin(), side->notes.end());
  }
  comparison.differences = diff(comparison.expected.catalog, comparison.actual.catalog);
  const Traits& traits = dialects.for_flavour(actual).traits();
  comparison.counted = static_cast<std::size_t>(
      std::count_if(comparison.differences.begin(), comparison.differences.end(),
                    [&](const Difference& each) { return counts(each, traits, strict); }));
}

bool says_itself(const SchemaSource& source) {
  return source.kind == SchemaSource::Kind::database || source.kind == SchemaSource::Kind::snapshot;
}

/// Reads the two sides: first the one that says its dialect, so that the other one runs on the same.
void read_both(const Registry& dialects, const SchemaSource& first, const SchemaSource& second,
               const SchemaOptions& options, ReadSchema& first_read, ReadSchema& second_read) {
  first_read = read_schema(dialects, first, own_flavour(first, dialects), options);
  const std::string own = own_flavour(second, dialects);
  SchemaOptions alike = options;
  alike.like = first_read.defaults;
  second_read = read_schema(dialects, second, own.empty() ? first_read.dialect : own, alike);
}

std::vector<Version> applied_versions(const History& history) {
  std::vector<Version> versions;
  for (const HistoryRow& row : history.rows) {
    if (row.state == State::applying || row.state == State::reverting) {
      throw in_between(row, nullptr);
    }
    if (row.state == State::applied) {
      versions.push_back(row.version);
    }
  }
  return versions;
}

void require_files(const MigrationSet& set, const History& history, const std::vector<Version>& versions) {
  for (const Version version : versions) {
    if (set.find(version) == nullptr) {
      throw Error(ErrorKind::missing,
                  "version " + std::to_string(version) + "_" + history.find(version)->name +
                      " is applied in this database, and its files are not there",
                  "bring them back from version control; or compare with a snapshot: --against FILE");
    }
  }
}

void note_edits(const MigrationSet& set, const History& history, std::vector<std::string>& notes) {
  for (const Problem& problem : find_problems(set, history)) {
    if (problem.kind == ErrorKind::changed) {
      notes.push_back(problem.message);
    }
  }
}

}  // namespace

bool counts(const Difference& difference, const Traits& traits, bool strict) {
  return strict || difference.difference_class == DifferenceClass::logical ||
         (difference.difference_class == DifferenceClass::physical && traits.restores_column_order);
}

SchemaComparison diff_schemas(const Registry& dialects, const SchemaSource& expected,
                              const SchemaSource& actual, const SchemaOptions& options, bool strict) {
  SchemaComparison comparison;
  const bool actual_first =
      !says_itself(expected) && (says_itself(actual) || own_flavour(expected, dialects).empty());
  if (actual_first) {
    read_both(dialects, actual, expected, options, comparison.actual, comparison.expected);
  } else {
    read_both(dialects, expected, actual, options, comparison.expected, comparison.actual);
  }
  judge(comparison, dialects, strict);
  return comparison;
}

SchemaComparison find_drift(const Registry& dialects, const DatabaseUrl& url, const SchemaOptions& options,
                            const std::optional<SchemaSource>& against, bool strict) {
  Migrator::Parts parts;
  parts.dialect = &dialects.for_url(url);
  parts.url = url;
  parts.options = options.migrator;
  parts.options.read_only = true;
  SchemaComparison comparison;
  History history;
  comparison.actual = read_database(parts, history);
  const std::vector<Version> versions = applied_versions(history);
  if (against) {
    comparison.expected = read_schema(dialects, *against, comparison.actual.dialect, options);
  } else {
    require_files(parts.migrations(), history, versions);
    note_edits(parts.migrations(), history, comparison.notes);
    SchemaOptions alike = options;
    alike.like = comparison.actual.defaults;
    SchemaSandbox sandbox(dialects, comparison.actual.dialect, alike);
    sandbox.run(&versions);
    comparison.expected = sandbox.read(options.migrator.folder.path);
  }
  judge(comparison, dialects, strict);
  return comparison;
}

}  // namespace toolkit
