#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lexer.hpp"
#include "toolkit/script.hpp"

namespace toolkit {

/// Why a statement must not be sent.
struct Refusal {
  std::size_t offset;
  std::string message;
  std::string advice;
};

/// Pure. Judges the statement that begins at `lexer`'s position: a client's word, transaction control, a
/// setting that ends transactions, COPY that talks to the client. Looks no further than the statement.
std::optional<Refusal> find_refusal(const Lexer& lexer, const ScriptSyntax& syntax);

}  // namespace toolkit
