#include "session_use.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "statement_words.hpp"

namespace toolkit::mysql {

namespace {

using Words = std::vector<StatementWord>;

bool is(const Words& words, std::size_t at, std::string_view text) {
  return at < words.size() && words[at].text == text && words[at].kind == TokenKind::symbol;
}

bool has_word(const Words& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(),
                     [&](const StatementWord& each) { return each.upper == word; });
}

/// Whether a user variable stands here: one `@`, and a name behind it.
bool is_variable(const Words& words, std::size_t at) {
  return is(words, at, "@") && !is(words, at + 1, "@") && !(at > 0 && is(words, at - 1, "@")) &&
         at + 1 < words.size() && words[at + 1].kind != TokenKind::symbol;
}

/// Whether what stands here gives a value to what is before it. `SELECT @a = 1` compares.
bool is_assignment(const Words& words, std::size_t at) {
  return is(words, at, ":=") || (is(words, at, ":") && is(words, at + 1, "=")) ||
         (is(words, at, "=") && words[0].upper == "SET");
}

void read_variables(const Words& words, SessionUse& use) {
  bool is_target = false;  // of INTO @a, @b
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (is_variable(words, at)) {
      const bool is_made = is_target || is_assignment(words, at + 2);
      (is_made ? use.makes : use.needs).insert("@" + upper_case(words[at + 1].name));
      ++at;
    } else {
      is_target = words[at].upper == "INTO" || (is_target && is(words, at, ","));
    }
  }
}

/// Of `SET a = 1, SESSION b = 2, @@c = 3, @d = 4`: whether something else than user variables is set.
bool sets_more_than_variables(const Words& words) {
  int depth = 0;
  bool is_first = true;  // of an assignment
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (is_first && depth == 0 && !is_variable(words, at)) {
      return true;
    }
    depth += is(words, at, "(") ? 1 : is(words, at, ")") ? -1 : 0;
    is_first = is(words, at, ",");
  }
  return false;
}

bool is_of_server(const Words& words) {
  return has_word(words, "GLOBAL") || has_word(words, "PERSIST") || has_word(words, "PERSIST_ONLY") ||
         has_word(words, "PASSWORD") || has_word(words, "RESOURCE") || has_word(words, "STATEMENT") ||
         (words.size() > 1 && (words[1].upper == "DEFAULT" || words[1].upper == "ROLE"));
}

}  // namespace

SessionUse session_use(std::string_view statement) {
  const Words words = StatementReader(statement).rest();
  SessionUse use;
  if (words.empty()) {
    return use;
  }
  const std::string& first = words[0].upper;
  const std::string name = words.size() > 1 ? upper_case(words[1].name) : "";
  read_variables(words, use);
  if (first == "SET" && !is_of_server(words)) {
    use.is_of_session = true;
    use.is_setting = sets_more_than_variables(words) && !has_word(words, "SELECT");
  } else if (first == "PREPARE") {
    use.is_of_session = true;
    use.makes.insert(name);
  } else if (first == "EXECUTE") {
    use.needs.insert(name);
  } else if (words.size() > 2 && (first == "DEALLOCATE" || first == "DROP") && words[1].upper == "PREPARE") {
    use.is_of_session = true;
    use.needs.insert(upper_case(words[2].name));
  } else if (first == "SELECT") {
    use.is_of_session = !use.makes.empty();
  }
  return use;
}

CarriedOver carried_over(const std::vector<std::string>& finished,
                         const std::vector<std::string>& remaining) {
  std::vector<std::pair<std::string, SessionUse>> kept;
  std::set<std::string> lost;
  for (const std::string& statement : finished) {
    SessionUse use = session_use(statement);
    if (use.is_of_session) {
      for (const std::string& name : use.makes) {
        lost.erase(name);
      }
      kept.emplace_back(statement, std::move(use));
      continue;
    }
    lost.merge(use.makes);
    for (auto& [text, before] : kept) {
      lost.insert(before.makes.begin(), before.makes.end());
    }
    std::erase_if(kept, [](const auto& each) { return !each.second.is_setting; });
  }
  CarriedOver carried;
  std::set<std::string> made;
  const auto look_for_lost = [&](const SessionUse& use) {
    for (const std::string& name : use.needs) {
      carried.lost =
          carried.lost.empty() && lost.count(name) != 0 && made.count(name) == 0 ? name : carried.lost;
    }
    made.insert(use.makes.begin(), use.makes.end());
  };
  for (const auto& [text, use] : kept) {
    carried.texts.push_back(text);
    if (use.is_setting) {
      carried.settings.push_back(text);
    }
    look_for_lost(use);
  }
  for (const std::string& statement : remaining) {
    look_for_lost(session_use(statement));
  }
  return carried;
}

}  // namespace toolkit::mysql
