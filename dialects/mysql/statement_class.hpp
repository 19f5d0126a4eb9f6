#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "statement_words.hpp"

/// What is known of a statement before it runs: how its interrupted run can be judged, and of which objects.
/// The classes are measured (MySQL 9.7, MariaDB 10.11: tests/crash); docs/recovery.md explains them to
/// people.
namespace toolkit::mysql {

enum class StatementClass {
  repeatable,          ///< running it once more gives the same
  self_detecting,      ///< once it has taken effect, the server refuses to run it again
  drop_list,           ///< takes whole objects away: what stands of them tells
  rename_table,        ///< who is who tells: identities and names
  exchange_partition,  ///< as above: two identities change places
  truncate,            ///< a new identity and no rows
  unnamed,             ///< would do it a second time: the definition tells whether, the log tells what
  replace_table,       ///< takes the old one away and makes a new one, not as one
  row_change,          ///< shares a transaction with the history, where its tables have transactions
  opaque,              ///< nothing that a server shows tells: never run again blindly
};

enum class ObjectKind { table, procedure, function, trigger, event, database, user };

/// Pure. Their words in a mark: "self-detecting", "table". *Persistent.*
std::string_view to_string(StatementClass statement_class);
std::string_view to_string(ObjectKind kind);

/// An object that a statement names. Views and sequences are of kind `table`: they share its names.
struct ObjectName {
  ObjectKind kind = ObjectKind::table;
  std::string schema;     ///< empty: the database of the session
  std::string name;       ///< for a user as written: 'u'@'h'
  std::string partition;  ///< a part of a table that has an identity of its own
  bool operator==(const ObjectName&) const = default;
};

struct StatementForm {
  StatementClass statement_class = StatementClass::opaque;
  std::vector<ObjectName> objects;  ///< those that tell what became of it, in the order of the statement
  /// RENAME: from and to as indexes into `objects`, in the order in which they happen.
  std::vector<std::pair<std::size_t, std::size_t>> renames;
  /// The server writes the statement into its binary log with a comment in front of it, so that the tag there
  /// means "it ran" and its absence "it did not".
  bool keeps_tag = false;
  bool if_exists = false;                 ///< drop list: nothing to drop is no error
  std::string drop_words;                 ///< drop list: "DROP TABLE"
  std::vector<unsigned> done_codes = {};  ///< self-detecting: what the server answers when it is done already
};

/// Pure. Whether the class is judged by the tag, so that the statement is sent with one.
bool needs_tag(const StatementForm& form);

/// Pure. Whether the class is judged by identities (InnoDB's table ids).
bool needs_identity(const StatementForm& form);

/// Pure. `statement` as `executed_text` gives it: executable comments are read as code here. Unknown forms
/// are opaque. Row changes too, where `row_change` does not hold for their tables: the
/// caller knows.
StatementForm statement_form(std::string_view statement);

/// Pure. The form of ALTER TABLE `table`; `reader` stands at its clauses, behind the name.
StatementForm alter_table_form(const StatementReader& reader, const ObjectName& table);

/// Pure. Server codes that mean "it is done already", by what a statement does.
std::vector<unsigned> exists_codes();
std::vector<unsigned> absent_codes();

}  // namespace toolkit::mysql
