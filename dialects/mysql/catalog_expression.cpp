#include "catalog_expression.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "script_syntax.hpp"
#include "toolkit/script.hpp"

namespace toolkit::mysql {

namespace {

std::string_view text_of(const Token& token, std::string_view text) {
  return text.substr(token.begin, token.end - token.begin);
}

char escaped_character(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '0':
      return '\0';
    case 'Z':
      return '\x1a';
    case 'b':
      return '\b';
    default:
      return c;
  }
}

// The bytes 0x80 to 0x9F of the server's latin1 (cp1252); 0 where the server maps a byte to itself.
constexpr std::array<std::uint16_t, 32> high_controls = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::optional<char> latin1_byte(std::uint32_t code_point) {
  if (code_point < 0x100) {
    return static_cast<char>(code_point);
  }
  const auto* const found = std::find(high_controls.begin(), high_controls.end(), code_point);
  if (found == high_controls.end()) {
    return std::nullopt;
  }
  return static_cast<char>(0x80 + (found - high_controls.begin()));
}

// Length of the well-formed UTF-8 character at `at`, 0 for none; overlong forms do not matter here.
std::size_t character_size(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size == 0 || at + size > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  return size;
}

bool is_well_formed(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text, at);
    if (size == 0) {
      return false;
    }
    at += size;
  }
  return true;
}

// Undoes one encoding too many; the text itself when it was none.
std::string decoded_once(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text, at);
    if (size == 0) {
      return std::string(text);
    }
    auto code_point = static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
    if (size > 1) {
      code_point &= 0xFFU >> (size + 1);
    }
    for (std::size_t i = 1; i < size; ++i) {
      code_point = (code_point << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    const std::optional<char> byte = latin1_byte(code_point);
    if (!byte) {
      return std::string(text);
    }
    bytes += *byte;
    at += size;
  }
  return is_well_formed(bytes) ? bytes : std::string(text);
}

const ScriptSyntax& syntax_of(const CatalogSource& source) {
  static const ScriptSyntax mysql = script_syntax("mysql", "");
  static const ScriptSyntax mariadb = script_syntax("mariadb", "");
  return source.is_mariadb ? mariadb : mysql;
}

bool is_own_qualifier(const std::vector<Token>& tokens, std::size_t i, std::string_view text,
                      const std::string& quoted_database) {
  return tokens[i].kind == TokenKind::quoted_identifier && text_of(tokens[i], text) == quoted_database &&
         i + 1 < tokens.size() && text_of(tokens[i + 1], text) == "." &&
         (i == 0 || text_of(tokens[i - 1], text) != ".");
}

std::string backquoted(std::string_view name) {
  std::string text = "`";
  for (const char c : name) {
    text += c == '`' ? std::string("``") : std::string(1, c);
  }
  return text + "`";
}

// Whether the first parenthesis closes with the last character.
bool is_wrapped(std::string_view text, const CatalogSource& source) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') {
    return false;
  }
  int depth = 0;
  for (const Token& token : tokenize(text, syntax_of(source))) {
    const std::string_view part = text_of(token, text);
    depth += part == "(" ? 1 : part == ")" ? -1 : 0;
    if (depth == 0 && token.end < text.size()) {
      return false;
    }
  }
  return depth == 0;
}

}  // namespace

std::string literal(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    switch (c) {
      case '\'':
        result += "''";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\0':
        result += "\\0";
        break;
      case '\x1a':
        result += "\\Z";
        break;
      default:
        result += c;
    }
  }
  return result + "'";
}

std::string literal_value(std::string_view quoted) {
  std::string value;
  const char quote = quoted.empty() ? '\'' : quoted.front();
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\\' && i + 2 < quoted.size()) {
      ++i;
      // Only LIKE looks at these two: the backslash stays.
      value += quoted[i] == '%' || quoted[i] == '_' ? "\\" : "";
      value += escaped_character(quoted[i]);
    } else {
      value += quoted[i];
      i += quoted[i] == quote ? 1 : 0;
    }
  }
  return value;
}

std::string plain_name(std::string_view name) {
  const bool is_word = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '$' || (static_cast<unsigned char>(c) & 0x80U) != 0;
  });
  return is_word ? std::string(name) : backquoted(name);
}

std::string stored_expression(std::string_view text, const CatalogSource& source) {
  if (source.is_mariadb) {
    return std::string(text);
  }
  const std::string decoded = decoded_once(text);
  std::string result;
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    const bool escapes = decoded[i] == '\\' && i + 1 < decoded.size();
    i += escapes ? 1 : 0;
    result += escapes ? escaped_character(decoded[i]) : decoded[i];
  }
  return result;
}

std::string normal_expression(std::string_view text, const CatalogSource& source) {
  const std::string own = backquoted(source.database);
  const std::vector<Token> tokens = tokenize(text, syntax_of(source));
  std::string result;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view part = text_of(tokens[i], text);
    const bool before_string = i + 1 < tokens.size() && tokens[i + 1].kind == TokenKind::string;
    if (is_own_qualifier(tokens, i, text, own)) {
      ++i;
    } else if (tokens[i].kind == TokenKind::string) {
      result += literal(literal_value(part));
    } else if (part != "_utf8mb4" || !before_string) {
      result += part;
    }
  }
  while (is_wrapped(result, source)) {
    result = result.substr(1, result.size() - 2);
  }
  return result;
}

std::string without_database(std::string_view text, const CatalogSource& source) {
  const std::string own = backquoted(source.database);
  const std::vector<Token> tokens = tokenize(text, syntax_of(source));
  std::string result;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_own_qualifier(tokens, i, text, own)) {
      ++i;
    } else {
      result += text_of(tokens[i], text);
    }
  }
  return result;
}

std::string current_timestamp(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::array<std::string_view, 2> words = {"current_timestamp", "localtimestamp"};
  const auto* const word = std::find_if(words.begin(), words.end(),
                                        [&lower](std::string_view each) { return lower.starts_with(each); });
  if (word == words.end()) {
    return {};
  }
  const std::string rest = lower.substr(word->size());
  if (rest.empty() || rest == "()") {
    return "CURRENT_TIMESTAMP";
  }
  const bool is_precision = rest.size() == 3 && rest[0] == '(' && rest[1] >= '0' && rest[1] <= '6';
  return is_precision && rest[2] == ')' ? "CURRENT_TIMESTAMP" + rest : std::string();
}

}  // namespace toolkit::mysql
