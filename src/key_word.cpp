#include "key_word.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "ascii.hpp"

namespace toolkit {

namespace {

struct Entry {
  std::string_view word;
  KeyWord key;
};

// Sorted by word: searched by halving.
constexpr std::array entries = {
    Entry{"AGGREGATE", KeyWord::aggregate},
    Entry{"ALTER", KeyWord::alter},
    Entry{"ANALYZE", KeyWord::verb},
    Entry{"AS", KeyWord::as},
    Entry{"ATOMIC", KeyWord::atomic},
    Entry{"BEGIN", KeyWord::begin},
    Entry{"BODY", KeyWord::body},
    Entry{"CALL", KeyWord::verb},
    Entry{"CASE", KeyWord::case_},
    Entry{"CHAR", KeyWord::character},
    Entry{"CHARACTER", KeyWord::character},
    Entry{"CREATE", KeyWord::create},
    Entry{"DECLARE", KeyWord::declare},
    Entry{"DEFINER", KeyWord::definer},
    Entry{"DELETE", KeyWord::verb},
    Entry{"DO", KeyWord::do_},
    Entry{"DROP", KeyWord::verb},
    Entry{"EACH", KeyWord::each},
    Entry{"ELSE", KeyWord::else_},
    Entry{"END", KeyWord::end},
    Entry{"EVENT", KeyWord::event},
    Entry{"EXECUTE", KeyWord::verb},
    Entry{"EXISTS", KeyWord::exists},
    Entry{"FLUSH", KeyWord::verb},
    Entry{"FOR", KeyWord::for_},
    Entry{"FOUND", KeyWord::found},
    Entry{"FUNCTION", KeyWord::function},
    Entry{"GET", KeyWord::verb},
    Entry{"GRANT", KeyWord::verb},
    Entry{"HANDLER", KeyWord::handler},
    Entry{"IF", KeyWord::if_},
    Entry{"INSERT", KeyWord::verb},
    Entry{"IS", KeyWord::is},
    Entry{"KILL", KeyWord::verb},
    Entry{"LOAD", KeyWord::verb},
    Entry{"LOCK", KeyWord::verb},
    Entry{"LOOP", KeyWord::loop},
    Entry{"NOT", KeyWord::not_},
    Entry{"OF", KeyWord::of},
    Entry{"ON", KeyWord::on},
    Entry{"OPTIMIZE", KeyWord::verb},
    Entry{"OR", KeyWord::or_},
    Entry{"FOLLOWS", KeyWord::order},
    Entry{"PACKAGE", KeyWord::package},
    Entry{"PRECEDES", KeyWord::order},
    Entry{"PREPARE", KeyWord::verb},
    Entry{"PROCEDURE", KeyWord::procedure},
    Entry{"RENAME", KeyWord::verb},
    Entry{"REPEAT", KeyWord::repeat},
    Entry{"REPLACE", KeyWord::replace},
    Entry{"RESIGNAL", KeyWord::verb},
    Entry{"RETURN", KeyWord::verb},
    Entry{"RETURNS", KeyWord::returns},
    Entry{"REVOKE", KeyWord::verb},
    Entry{"ROW", KeyWord::row},
    Entry{"SELECT", KeyWord::verb},
    Entry{"SET", KeyWord::verb},
    Entry{"SHOW", KeyWord::verb},
    Entry{"SIGNAL", KeyWord::verb},
    Entry{"SQLSTATE", KeyWord::sqlstate},
    Entry{"TABLE", KeyWord::table},
    Entry{"TEMP", KeyWord::temporary},
    Entry{"TEMPORARY", KeyWord::temporary},
    Entry{"THEN", KeyWord::then},
    Entry{"TRIGGER", KeyWord::trigger},
    Entry{"TRUNCATE", KeyWord::verb},
    Entry{"UPDATE", KeyWord::verb},
    Entry{"VALUE", KeyWord::value},
    Entry{"VALUES", KeyWord::verb},
    Entry{"VIEW", KeyWord::view},
    Entry{"WHILE", KeyWord::while_},
    Entry{"WITH", KeyWord::verb},
};

constexpr auto sorted_entries = [] {
  auto sorted = entries;
  std::sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) { return a.word < b.word; });
  return sorted;
}();

}  // namespace

KeyWord key_word_of(std::string_view word) {
  constexpr std::size_t longest = 9;
  if (word.size() < 2 || word.size() > longest) {
    return KeyWord::none;
  }
  std::array<char, longest> buffer{};
  std::transform(word.begin(), word.end(), buffer.begin(), upper);
  const std::string_view wanted(buffer.data(), word.size());
  const auto found = std::lower_bound(sorted_entries.begin(), sorted_entries.end(), wanted,
                                      [](const Entry& entry, std::string_view w) { return entry.word < w; });
  return found != sorted_entries.end() && found->word == wanted ? found->key : KeyWord::none;
}

}  // namespace toolkit
