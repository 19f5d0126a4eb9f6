#include <algorithm>
#include <array>

#include "parity_tokens.hpp"

namespace toolkit {

namespace {

/// Words that go on a type's name behind `::` or AS: `character varying`, `timestamp without time zone`.
constexpr std::array<std::string_view, 7> type_words = {"varying", "precision", "without", "with",
                                                        "time",    "zone",      "unsigned"};

}  // namespace

const ExpressionToken& TokenReader::behind() const {
  return tokens_[std::min(place_ + 1, tokens_.size() - 1)];
}

bool TokenReader::is_word(std::string_view word) const {
  return now().kind == SqlPart::name && now().text == word;
}

bool TokenReader::is_symbol(std::string_view text) const {
  return now().kind == SqlPart::symbol && now().text == text;
}

const ExpressionToken& TokenReader::take() {
  const ExpressionToken& token = tokens_[place_];
  place_ = std::min(place_ + 1, tokens_.size() - 1);
  return token;
}

void TokenReader::need_word(std::string_view word) {
  if (!take_word(word)) {
    throw NotUnderstood();
  }
}

void TokenReader::need_symbol(std::string_view text) {
  if (!take_symbol(text)) {
    throw NotUnderstood();
  }
}

std::string TokenReader::type_name() {
  std::string name = take().text;
  for (;;) {
    if (take_symbol("(")) {
      while (!is_symbol(")")) {
        if (take().kind == SqlPart::end) {
          throw NotUnderstood();
        }
      }
      take();
    } else if (take_symbol("[")) {
      need_symbol("]");
      name += "[]";
    } else if (take_symbol(".")) {
      name = take().text;
    } else if (now().kind == SqlPart::name &&
               std::find(type_words.begin(), type_words.end(), now().text) != type_words.end()) {
      take();
    } else {
      return name;
    }
  }
}

}  // namespace toolkit
