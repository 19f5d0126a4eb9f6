#include "locks.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "script_syntax.hpp"

namespace toolkit::sqlite {

namespace {

struct Word {
  std::string upper;  ///< empty for a quoted name
  std::string name;
};

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return result;
}

std::vector<Word> words_of(std::string_view sql) {
  std::vector<Word> words;
  for (const Token& token : tokenize(sql, script_syntax())) {
    const std::string_view text = sql.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::quoted_identifier && text.size() > 2) {
      words.push_back({"", std::string(text.substr(1, text.size() - 2))});
    } else if (token.kind != TokenKind::comment && token.kind != TokenKind::space) {
      words.push_back({upper(text), std::string(text)});
    }
  }
  return words;
}

bool begins(const std::vector<Word>& words, std::initializer_list<std::string_view> expected) {
  return words.size() > expected.size() &&
         std::equal(expected.begin(), expected.end(), words.begin(),
                    [](std::string_view word, const Word& there) { return there.upper == word; });
}

}  // namespace

std::vector<LockTaken> locks_of(const Task& task) {
  std::vector<LockTaken> locks;
  std::set<std::string> dropped;
  const auto add = [&](const std::string& table) { locks.push_back({table, "EXCLUSIVE", true, ""}); };
  for (const Step& step : task.steps) {
    const std::vector<Word> words = words_of(step.sql);
    if (!words.empty() && words.front().upper == "VACUUM") {
      add("");
    } else if (begins(words, {"DROP", "TABLE"})) {
      dropped.insert(upper(words.back().name));
    } else if (begins(words, {"ALTER", "TABLE"})) {
      const auto renamed =
          std::find_if(words.begin(), words.end(), [](const Word& word) { return word.upper == "RENAME"; });
      const bool drops_column =
          std::any_of(words.begin() + 3, words.end(), [](const Word& word) { return word.upper == "DROP"; });
      if (drops_column) {
        add(words[2].name);
      } else if (renamed != words.end() && renamed + 1 < words.end() && (renamed + 1)->upper == "TO" &&
                 dropped.count(upper(words.back().name)) != 0) {
        add(words.back().name);
      }
    }
  }
  if (locks.empty() && !task.steps.empty()) {
    locks.push_back({"", "EXCLUSIVE", false, ""});
  }
  return locks;
}

}  // namespace toolkit::sqlite
