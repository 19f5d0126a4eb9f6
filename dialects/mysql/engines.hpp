#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "session.hpp"

namespace toolkit::mysql {

/// A table on an engine without transactions.
struct PlainTable {
  std::string schema;
  std::string name;
};

/// Of all databases but the server's own, as far as this user is shown them. Touches the server, one query.
std::vector<PlainTable> tables_without_transactions(Session& session);

/// What a text may name: words and quoted names, upper case.
using Names = std::set<std::string>;

/// Pure. `code` as `executed_text` gives it.
Names names_in(std::string_view code, bool is_mariadb, std::string_view sql_mode);

/// Pure. The first of `tables` that stands in the session's database, or in one that is named, and is named
/// itself.
std::optional<PlainTable> named_table(const Names& names, const std::vector<PlainTable>& tables,
                                      const std::string& default_schema);

/// What a change of rows is asked about.
struct RowChange {
  std::string_view code;  ///< as `executed_text` gives it
  std::string sql_mode;
  std::string default_schema;
  bool is_mariadb = false;
};

/// Whether it is certain that a change of rows touches none of `tables`: neither does its text name one, nor
/// do the triggers of what it names, its views and the functions that it may call, nor what those name in
/// turn. Not certain is what cannot be looked into: a program of another definer (it may call what this user
/// is not shown), a body that is not shown, triggers that this user has no right to see, a name with
/// letters outside ASCII (whether two such are one is the server's to say). Cascades of foreign
/// keys need no look: they stay within engines with transactions and activate no triggers (MySQL 9.7 manual,
/// "FOREIGN KEY Constraints", and measured on 9.7.4; MariaDB 11.8 manual, "Trigger Limitations").
///
/// Touches the server with a query for each depth of calls, two usually; none when there are no `tables`.
bool touches_none(Session& session, const RowChange& change, const std::vector<PlainTable>& tables);

}  // namespace toolkit::mysql
