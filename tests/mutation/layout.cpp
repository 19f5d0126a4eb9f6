#include "exam.hpp"

namespace toolkit::test {

namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Words in small letters and two blanks for one between tokens.
std::string respaced(const std::string& text, const ScriptSyntax& syntax) {
  std::string result;
  for (const Token& token : tokenize(text, syntax)) {
    const std::string own = text.substr(token.begin, token.end - token.begin);
    result += own == " " ? "  " : "";
    for (const char c : own == " " ? "" : own) {
      result += token.kind == TokenKind::word ? small(c) : c;
    }
  }
  return result;
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c == '\n' ? "\r\n" : std::string(1, c);
  }
  return result;
}

}  // namespace

FileTree in_another_layout(FileTree files, const ScriptSyntax& syntax) {
  for (auto& [name, text] : files) {
    if (!name.ends_with(".sql")) {
      continue;
    }
    // A directive stands before everything but comments, and a schema's in the first line.
    const std::string comment = name.starts_with("schema") ? "" : "-- it's a comment; not more\n";
    const std::string mark = "\xEF\xBB\xBF";
    text = text.starts_with(mark) ? text.substr(mark.size()) : text;
    const bool ends =
        text.find_last_not_of(" \n") != std::string::npos && text[text.find_last_not_of(" \n")] == ';';
    text = mark + with_crlf(comment + respaced(text, syntax) + (ends ? "" : "\n;") + "\n-- the end\n");
  }
  return files;
}

}  // namespace toolkit::test
