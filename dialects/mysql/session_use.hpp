#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What the steps of a version leave in the session for the steps behind them. All pure. Statements are given
/// as the server runs them (`executed_text`).
namespace toolkit::mysql {

struct SessionUse {
  /// SET of session variables by values that no table has a part in: it may be sent again.
  bool is_setting = false;
  /// Changes the session and nothing else: SET, PREPARE, DEALLOCATE, SELECT … INTO @a.
  bool is_of_session = false;
  std::set<std::string> makes;  ///< user variables (`@A`) and prepared statements (`A`) that get a value
  std::set<std::string> needs;  ///< … whose value is used
};
SessionUse session_use(std::string_view statement);

/// What is to be sent to a new session before an interrupted version goes on behind its finished steps.
struct CarriedOver {
  std::vector<std::string> texts;     ///< the steps that make what the others need, in order
  std::vector<std::string> settings;  ///< of these, those that hold for every later step
  std::string lost;                   ///< a name that is needed, whose value nobody can make again; or none
};
/// A user variable and a prepared statement are made again when nothing but the session has changed since:
/// else the same text may give another value.
CarriedOver carried_over(const std::vector<std::string>& finished, const std::vector<std::string>& remaining);

}  // namespace toolkit::mysql
