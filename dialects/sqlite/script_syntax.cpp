#include "script_syntax.hpp"

#include <string>

namespace toolkit::sqlite {

namespace {

std::vector<RefusedStatement> refused_statements() {
  const std::string ends = "would end the transaction that the toolkit holds";
  const std::string splits = "would split the transaction that the toolkit holds";
  const std::string remove = "remove it";
  return {
      {"BEGIN", "would start a transaction inside the one that the toolkit holds",
       "remove it; the toolkit runs every migration in a transaction of its own"},
      {"COMMIT", ends, remove},
      {"END", ends, remove},
      {"ROLLBACK", ends, remove},
      {"SAVEPOINT", splits, remove},
      {"RELEASE", splits, remove},
      // A rollback does not undo it, later versions would see it, and a run that stops between would not.
      {"ATTACH", "would reach the versions after this one, and other files",
       "run a set of its own on that file"},
      {"DETACH", "would change the session of the versions after this one", remove},
  };
}

}  // namespace

ScriptSyntax script_syntax() {
  ScriptSyntax syntax;
  syntax.backquoted_identifiers = true;
  syntax.bracketed_identifiers = true;
  syntax.trigger_bodies = true;
  syntax.client_command_prefix = '.';
  syntax.client_words = {"DELIMITER"};
  syntax.client_name = "sqlite3";
  syntax.refused_statements = refused_statements();
  return syntax;
}

}  // namespace toolkit::sqlite
