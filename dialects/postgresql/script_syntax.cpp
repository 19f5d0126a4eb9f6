#include "script_syntax.hpp"

#include <string>

namespace toolkit::postgresql {

namespace {

std::vector<RefusedStatement> refused_statements() {
  const std::string starts = "would start a transaction inside the one that the toolkit holds";
  const std::string ends = "would end the transaction that the toolkit holds";
  const std::string splits = "would split the transaction that the toolkit holds";
  const std::string changes = "would change the transaction that the toolkit holds";
  const std::string remove = "remove it";
  const std::string remove_begin = "remove it; the toolkit runs every migration in a transaction of its own";
  const std::string two_phase = "prepared transactions are not a migration's work; run it by hand";
  return {
      {"BEGIN", starts, remove_begin},
      {"START TRANSACTION", starts, remove_begin},
      {"COMMIT PREPARED", "would end a transaction of somebody else", two_phase},
      {"ROLLBACK PREPARED", "would end a transaction of somebody else", two_phase},
      {"PREPARE TRANSACTION", ends, two_phase},
      {"COMMIT", ends, remove},
      {"END", ends, remove},
      {"ROLLBACK", ends, remove},
      {"ABORT", ends, remove},
      {"SAVEPOINT", splits, remove},
      {"RELEASE", splits, remove},
      {"SET TRANSACTION", changes, remove},
      {"SET LOCAL TRANSACTION", changes, remove},
      {"SET SESSION CHARACTERISTICS", "would change the transactions of all later migrations", remove},
      {"DISCARD", "would drop the lock and the settings of the toolkit's session", remove},
  };
}

}  // namespace

ScriptSyntax script_syntax() {
  ScriptSyntax syntax;
  syntax.dollar_quotes = true;
  syntax.escape_strings = true;
  syntax.nested_comments = true;
  syntax.begin_atomic_bodies = true;
  syntax.carriage_return_ends_comment = true;
  syntax.client_command_prefix = '\\';
  syntax.client_words = {"DELIMITER"};
  syntax.client_name = "psql";
  syntax.refused_statements = refused_statements();
  return syntax;
}

}  // namespace toolkit::postgresql
