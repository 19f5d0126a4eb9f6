#include "locks.hpp"

#include <algorithm>
#include <array>

#include "native.hpp"
#include "script_syntax.hpp"
#include "statement_form.hpp"
#include "toolkit/script.hpp"

namespace toolkit::postgresql {

namespace {

struct Mode {
  std::string_view server;
  std::string_view words;
};

// Weakest first; without ACCESS SHARE, which every reader takes.
constexpr std::array<Mode, 7> modes = {{{"RowShareLock", "ROW SHARE"},
                                        {"RowExclusiveLock", "ROW EXCLUSIVE"},
                                        {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"},
                                        {"ShareLock", "SHARE"},
                                        {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"},
                                        {"ExclusiveLock", "EXCLUSIVE"},
                                        {"AccessExclusiveLock", "ACCESS EXCLUSIVE"}}};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string array_element(std::string_view name) {
  std::string element = "\"";
  for (const char c : name) {
    element += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return element + "\"";
}

}  // namespace

// A lock goes down to partitions and heirs, and over foreign keys in both directions; an index that is
// dropped stands for its table.
const std::string tables_before_text =
    "WITH RECURSIVE words AS (SELECT unnest(CAST($1 AS text[])) AS word),"
    " named AS (SELECT c.oid FROM pg_catalog.pg_class c JOIN words ON c.relname = word"
    " WHERE c.relkind IN ('r', 'p', 'm')"
    " UNION SELECT i.indrelid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    " JOIN words ON c.relname = word),"
    " heirs AS (SELECT oid FROM named UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i"
    " JOIN heirs ON i.inhparent = heirs.oid),"
    " reached AS (SELECT oid FROM heirs UNION SELECT f.confrelid FROM pg_catalog.pg_constraint f"
    " JOIN heirs ON f.conrelid = heirs.oid WHERE f.contype = 'f' UNION SELECT f.conrelid"
    " FROM pg_catalog.pg_constraint f JOIN heirs ON f.confrelid = heirs.oid WHERE f.contype = 'f')"
    " SELECT c.oid, CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END || c.relname,"
    " coalesce(pg_catalog.pg_relation_filenode(c.oid), 0) FROM reached"
    " JOIN pg_catalog.pg_class c ON c.oid = reached.oid"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

const std::string locks_text =
    "SELECT l.relation, l.mode, pg_catalog.pg_relation_filenode(l.relation)"
    " FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'"
    " AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname ="
    " current_database())";

Value names_in(const Task& task) {
  std::string list;
  for (const Step& step : task.steps) {
    for (const Token& token : tokenize(step.sql, script_syntax())) {
      const std::string_view text = std::string_view(step.sql).substr(token.begin, token.end - token.begin);
      if (token.kind == TokenKind::word) {
        list += (list.empty() ? "" : ",") + array_element(lower(text));
      } else if (token.kind == TokenKind::quoted_identifier && text.size() > 2) {
        list += (list.empty() ? "" : ",") + array_element(text.substr(1, text.size() - 2));
      }
    }
  }
  return "{" + list + "}";
}

void LockReport::hear_tables(const pg_result* tables) {
  tables_.clear();
  for (int row = 0; row < PQntuples(tables); ++row) {
    tables_[text_at(tables, row, 0)] = {text_at(tables, row, 1), text_at(tables, row, 2)};
  }
}

std::vector<LockTaken> LockReport::hear_locks(const pg_result* locks) const {
  std::map<std::string, std::pair<std::ptrdiff_t, bool>> strongest;  // by name: place in `modes`, rewritten
  for (int row = 0; row < PQntuples(locks); ++row) {
    const auto table = tables_.find(text_at(locks, row, 0));
    const std::string server = text_at(locks, row, 1);
    const auto* const mode =
        std::find_if(modes.begin(), modes.end(), [&](const Mode& each) { return each.server == server; });
    if (table == tables_.end() || mode == modes.end()) {
      continue;
    }
    const std::string file = text_at(locks, row, 2);  // empty once it is dropped
    auto& [place, rewritten] = strongest[table->second.name];
    place = std::max(place, mode - modes.begin());
    rewritten = rewritten || (!file.empty() && table->second.file != "0" && file != table->second.file);
  }
  std::vector<LockTaken> taken;
  for (std::size_t place = modes.size(); place-- > 0;) {
    for (const auto& [name, lock] : strongest) {
      if (lock.first == static_cast<std::ptrdiff_t>(place)) {
        taken.push_back({name, std::string(modes[place].words), lock.second, ""});
      }
    }
  }
  return taken;
}

std::vector<LockTaken> locks_of_lone(std::string_view statement) {
  const StatementForm form = statement_form(statement);
  switch (form.form) {
    case Form::create_index:
    case Form::drop_index:
    case Form::rebuild_index:
    case Form::rebuild_table:
    case Form::detach_partition:
      return {{form.relation, "SHARE UPDATE EXCLUSIVE", false, ""}};
    default:
      return {};
  }
}

}  // namespace toolkit::postgresql
