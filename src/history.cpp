#include "toolkit/history.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "toolkit/checksum.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::array<std::pair<State, std::string_view>, 5> states = {{{State::pending, "pending"},
                                                                       {State::applying, "applying"},
                                                                       {State::applied, "applied"},
                                                                       {State::reverting, "reverting"},
                                                                       {State::reverted, "reverted"}}};

constexpr std::array<std::pair<Origin, std::string_view>, 5> origins = {{{Origin::run, "run"},
                                                                         {Origin::baseline, "baseline"},
                                                                         {Origin::loaded, "loaded"},
                                                                         {Origin::adopted, "adopted"},
                                                                         {Origin::settled, "settled"}}};

template <typename Table, typename Key>
std::string_view word_of(const Table& table, Key key) {
  return std::find_if(table.begin(), table.end(), [key](const auto& entry) { return entry.first == key; })
      ->second;
}

template <typename Table>
auto value_of(const Table& table, std::string_view word, std::string_view what) {
  const auto found =
      std::find_if(table.begin(), table.end(), [word](const auto& entry) { return entry.second == word; });
  if (found == table.end()) {
    throw Error(ErrorKind::server,
                "the history holds the unknown " + std::string(what) + " '" + std::string(word) + "'",
                "it was written by something else than this tool; nothing was changed");
  }
  return found->first;
}

std::string lock_input(std::string_view database, const HistoryPlace& place) {
  std::string input = "toolkit";
  for (const std::string_view part :
       {database, std::string_view(place.schema), std::string_view(place.table)}) {
    input.push_back('\0');
    input += part;
  }
  return input;
}

}  // namespace

std::string_view to_string(State state) { return word_of(states, state); }
std::string_view to_string(Origin origin) { return word_of(origins, origin); }
State parse_state(std::string_view word) { return value_of(states, word, "state"); }
Origin parse_origin(std::string_view word) { return value_of(origins, word, "origin"); }

const HistoryRow* History::find(Version version) const {
  const auto found = std::lower_bound(rows.begin(), rows.end(), version,
                                      [](const HistoryRow& row, Version v) { return row.version < v; });
  return found != rows.end() && found->version == version ? &*found : nullptr;
}

Version History::current() const {
  const auto last = std::find_if(rows.rbegin(), rows.rend(),
                                 [](const HistoryRow& row) { return row.state == State::applied; });
  return last == rows.rend() ? 0 : last->version;
}

std::string lock_name(std::string_view database, const HistoryPlace& place) {
  return "tk_" + sha256_hex(lock_input(database, place)).substr(0, 48);
}

std::int64_t lock_number(std::string_view database, const HistoryPlace& place) {
  const auto digest = sha256(lock_input(database, place));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    number = number << 8 | digest[i];
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace toolkit
