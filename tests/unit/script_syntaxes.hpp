#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../../dialects/mysql/script_syntax.hpp"
#include "../../dialects/postgresql/script_syntax.hpp"
#include "../../dialects/sqlite/script_syntax.hpp"
#include "toolkit/script.hpp"

namespace toolkit::test {

/// Every flavour with its syntax, in the order of output. Facts only: no client library is needed.
inline std::vector<std::pair<std::string, ScriptSyntax>> script_syntaxes() {
  return {{"postgresql", postgresql::script_syntax()},
          {"mysql", mysql::script_syntax("mysql", "")},
          {"mariadb", mysql::script_syntax("mariadb", "")},
          {"sqlite", sqlite::script_syntax()}};
}

inline ScriptSyntax script_syntax_of(const std::string& flavour) {
  for (const auto& [name, syntax] : script_syntaxes()) {
    if (name == flavour) {
      return syntax;
    }
  }
  throw std::logic_error("no flavour " + flavour);
}

}  // namespace toolkit::test
