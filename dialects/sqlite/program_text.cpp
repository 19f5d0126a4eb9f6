#include "program_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "names.hpp"
#include "schema_tokens.hpp"

namespace toolkit::sqlite {

namespace {

bool ends_list_of_tables(std::string_view word) {
  constexpr std::array<std::string_view, 12> all = {"WHERE",     "GROUP",  "HAVING", "WINDOW",
                                                    "ORDER",     "LIMIT",  "UNION",  "EXCEPT",
                                                    "INTERSECT", "SELECT", "SET",    "RETURNING"};
  return std::find(all.begin(), all.end(), word) != all.end();
}

class PlainText {
 public:
  PlainText(std::string_view text, NameScope scope)
      : text_(text), scope_(std::move(scope)), tokens_(code_tokens(text)) {
    for (const CodeToken& token : tokens_) {
      if (is_name(token)) {
        ++mentions_[lower(name_of(token))];
      }
    }
  }

  std::string result() {
    std::string result;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      follow(tokens_[i]);
      if (tokens_[i].kind != TokenKind::quoted_identifier) {
        continue;
      }
      const std::string name = name_of(tokens_[i]);
      if (stands_for_name(i, name) || stands_for_string(i, name)) {
        result.append(text_.substr(copied, tokens_[i].begin - copied));
        result += stands_for_name(i, name) ? written(name) : literal(name);
        copied = tokens_[i].end();
      }
    }
    return result.append(text_.substr(copied));
  }

  std::set<std::string> sources() {
    std::set<std::string> found;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      follow(tokens_[i]);
      const std::string name = is_name(tokens_[i]) ? lower(name_of(tokens_[i])) : std::string();
      // UPDATE OF a ON t, ON CONFLICT DO UPDATE SET: no table stands there.
      const bool is_clause = name == "of" || name == "on" || name == "set";
      if (!name.empty() && !is_clause && stands_for_table(i)) {
        const bool has_schema = is_before(i, '.') && i + 2 < tokens_.size();
        found.insert(has_schema ? lower(name_of(tokens_[i + 2])) : name);
      }
    }
    return found;
  }

 private:
  /// Whether a list of tables goes on, by depth of parentheses.
  void follow(const CodeToken& token) {
    const std::string word = token.kind == TokenKind::word ? upper_case(token.text) : std::string();
    if (is_symbol(token, '(')) {
      in_from_.push_back(false);
    } else if (is_symbol(token, ')') && in_from_.size() > 1) {
      in_from_.pop_back();
    } else if (word == "FROM") {
      in_from_.back() = true;
    } else if (is_symbol(token, ';') || ends_list_of_tables(word)) {
      in_from_.back() = false;
    }
  }

  bool is_before(std::size_t i, char symbol) const {
    return i + 1 < tokens_.size() && is_symbol(tokens_[i + 1], symbol);
  }

  bool follows_one_of(std::size_t i, std::initializer_list<std::string_view> words) const {
    return i > 0 && tokens_[i - 1].kind == TokenKind::word &&
           std::find(words.begin(), words.end(), upper_case(tokens_[i - 1].text)) != words.end();
  }

  bool stands_for_table(std::size_t i) const {
    return follows_one_of(i, {"FROM", "JOIN", "INTO", "UPDATE", "TABLE"}) ||
           (i > 0 && in_from_.back() && is_symbol(tokens_[i - 1], ','));
  }

  bool stands_for_name(std::size_t i, const std::string& name) const {
    const bool is_qualified = is_before(i, '.') || (i > 0 && is_symbol(tokens_[i - 1], '.'));
    const bool is_surely_name = tokens_[i].text.front() != '"';
    return stands_for_table(i) || is_qualified || is_surely_name || scope_.columns.count(lower(name)) != 0;
  }

  /// Where an expression begins, and nothing else in the text has that name, as an alias would.
  bool stands_for_string(std::size_t i, const std::string& name) const {
    const std::string small = lower(name);
    const bool is_row_number = small == "rowid" || small == "oid" || small == "_rowid_";
    const bool is_alone = scope_.is_whole && !is_row_number && mentions_.at(small) == 1 && !is_before(i, '(');
    const bool follows_symbol =
        i > 0 && tokens_[i - 1].kind == TokenKind::symbol && !is_symbol(tokens_[i - 1], ')');
    return is_alone && (follows_symbol ||
                        follows_one_of(i, {"SELECT", "DISTINCT", "WHERE", "WHEN", "THEN", "ELSE", "AND", "OR",
                                           "NOT", "IS", "LIKE", "GLOB", "BETWEEN", "ESCAPE", "CASE"}));
  }

  std::string_view text_;
  NameScope scope_;
  CodeTokens tokens_;
  std::map<std::string, int> mentions_;
  std::vector<bool> in_from_ = {false};
};

}  // namespace

std::set<std::string> sources_of(std::string_view text) { return PlainText(text, {}).sources(); }

std::string with_plain_names(std::string_view text, const NameScope& scope) {
  return PlainText(text, scope).result();
}

}  // namespace toolkit::sqlite
