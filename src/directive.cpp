#include "toolkit/directive.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "ascii.hpp"
#include "directive_line.hpp"
#include "toolkit/error.hpp"
#include "toolkit/file_name.hpp"

namespace toolkit {

namespace {

using std::chrono::milliseconds;

// PostgreSQL keeps its timeouts in 32 bits of milliseconds.
constexpr milliseconds longest_timeout{std::numeric_limits<std::int32_t>::max()};

// Reads the directives of one file; errors point at the line that they are about.
class Reader {
 public:
  Reader(const ScannedScript& script, std::string_view text, const std::string& path, DirectivePlace place)
      : script_(script), text_(text), path_(path), place_(place) {}

  Directives read() {
    refuse_misplaced();
    for (const DirectiveLine& line : script_.directives) {
      line_ = &line;
      read_line(line);
      seen_.insert(line.word);
    }
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& message, const std::string& advice = {}) const {
    throw error_at(ErrorKind::files, message, path_, text_, line_->offset, advice);
  }

  void refuse_misplaced() {
    if (!script_.malformed_directives.empty()) {
      line_ = &script_.malformed_directives.front();
      const std::string rest = line_->word + (line_->value.empty() ? "" : " " + line_->value);
      fail("this looks like a directive, but is only a comment", "write it as '-- toolkit: " + rest + "'");
    }
    if (!script_.misplaced_directives.empty()) {
      line_ = &script_.misplaced_directives.front();
      fail("a directive stands on its own line before the first statement",
           "move '-- toolkit: " + line_->word + "' to the top of the file");
    }
  }

  void read_line(const DirectiveLine& line) {
    if (line.word.empty()) {
      fail("this directive has no word", "the words are " + all_words());
    }
    const auto& reserved = reserved_directive_words();
    if (std::find(reserved.begin(), reserved.end(), line.word) != reserved.end()) {
      fail("the directive '" + line.word + "' is reserved for a later version", "remove it");
    }
    if (line.word == "no-transaction") {
      once();
      refuse_value();
      result_.no_transaction = true;
    } else if (line.word == "irreversible") {
      read_irreversible();
    } else if (line.word == "lock-timeout") {
      result_.lock_timeout = read_timeout();
      if (result_.lock_timeout == milliseconds::zero()) {
        fail("lock-timeout must be more than zero", "a wait for a lock is always bounded; write e.g. 5s");
      }
    } else if (line.word == "statement-timeout") {
      result_.statement_timeout = read_timeout();
    } else if (line.word == "applied-if") {
      read_applied_if();
    } else if (line.word == "also-checksum") {
      read_also_checksum();
    } else if (line.word == "ignore") {
      read_ignore();
    } else if (line.word == "schema-version") {
      read_schema_version();
    } else {
      refuse_unknown();
    }
  }

  void read_irreversible() {
    once();
    only_in(place_ == DirectivePlace::down, "a down file");
    if (line_->value.empty()) {
      fail("irreversible needs a reason", "write e.g. '-- toolkit: irreversible the old values are gone'");
    }
    if (!script_.statements.empty()) {
      fail("a down that is irreversible holds no statement", "remove the statement, or this line");
    }
    result_.irreversible = line_->value;
  }

  milliseconds read_timeout() {
    once();
    const std::optional<milliseconds> duration = parse_duration(line_->value);
    if (!duration || *duration > longest_timeout) {
      fail(line_->word + " needs a duration, not '" + line_->value + "'",
           "write a number and a unit: 500ms, 5s, 10m or 2h (at most 24 days)");
    }
    return *duration;
  }

  void read_applied_if() {
    once();
    only_in(place_ == DirectivePlace::up || place_ == DirectivePlace::down, "a migration file");
    const std::string_view value = line_->value;
    const bool select = equals_ignoring_case(value.substr(0, 6), "SELECT") && value.size() > 6 &&
                        !is_letter(value[6]) && !is_digit(value[6]) && value[6] != '_';
    if (!select) {
      fail("applied-if needs a query that begins with SELECT",
           "write e.g. '-- toolkit: applied-if SELECT count(*) > 0 FROM settings'");
    }
    result_.applied_if = line_->value;
  }

  void read_also_checksum() {
    only_in(place_ == DirectivePlace::up || place_ == DirectivePlace::down, "a migration file");
    constexpr std::string_view prefix = "sha256:";
    const std::string_view digits =
        std::string_view(line_->value).substr(std::min(prefix.size(), line_->value.size()));
    const bool hex = digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!line_->value.starts_with(prefix) || digits.size() != 64 || !hex) {
      fail("also-checksum needs 'sha256:' and 64 lower-case hexadecimal digits",
           "copy the checksum as 'toolkit status --format json' shows it");
    }
    result_.also_checksums.push_back(line_->value);
  }

  void read_ignore() {
    const std::size_t rule_end = std::min(line_->value.find_first_of(" \t"), line_->value.size());
    IgnoredRule ignored{line_->value.substr(0, rule_end),
                        std::string(trim(std::string_view(line_->value).substr(rule_end)))};
    if (ignored.rule.empty() || ignored.reason.empty()) {
      fail("ignore needs a rule and a reason",
           "write e.g. '-- toolkit: ignore drop-column nothing reads it'");
    }
    if (!ignored_.insert(ignored.rule).second) {
      fail("the rule '" + ignored.rule + "' is ignored twice", "keep one of the two lines");
    }
    result_.ignored_rules.push_back(std::move(ignored));
  }

  void read_schema_version() {
    once();
    only_in(place_ == DirectivePlace::schema, "schema.sql");
    if (!parse_version(line_->value)) {
      fail("schema-version needs a version, not '" + line_->value + "'",
           "write the highest version that this schema contains: 1 to 18 digits");
    }
    result_.schema_version = line_->value;
  }

  [[noreturn]] void refuse_unknown() const {
    const std::string near = nearest_word(line_->word, known_directive_words());
    fail("there is no directive '" + line_->word + "'",
         near.empty() ? "the words are " + all_words() : "did you mean '" + near + "'?");
  }

  void once() const {
    if (seen_.count(line_->word) != 0) {
      fail("the directive '" + line_->word + "' is given twice", "keep one of the two lines");
    }
  }

  void only_in(bool here, const std::string& where) const {
    if (!here) {
      fail("the directive '" + line_->word + "' belongs into " + where + " only", "remove it here");
    }
  }

  void refuse_value() const {
    if (!line_->value.empty()) {
      fail("the directive '" + line_->word + "' takes no value", "remove '" + line_->value + "'");
    }
  }

  static std::string all_words() {
    std::string list;
    for (const std::string& word : known_directive_words()) {
      list += (list.empty() ? "" : ", ") + word;
    }
    return list;
  }

  const ScannedScript& script_;
  std::string_view text_;
  const std::string& path_;
  DirectivePlace place_;
  const DirectiveLine* line_ = nullptr;
  std::set<std::string> seen_;     // words
  std::set<std::string> ignored_;  // rules
  Directives result_;
};

// Levenshtein. Requires: both are short; the caller bounds them.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (upper(a[i - 1]) == upper(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

Directives parse_directives(const ScannedScript& script, std::string_view text, const std::string& path,
                            DirectivePlace place) {
  return Reader(script, text, path, place).read();
}

std::optional<milliseconds> parse_duration(std::string_view text) {
  std::size_t digits = 0;
  std::int64_t count = 0;
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    const int digit = text[digits] - '0';
    if (count > (largest - digit) / 10) {
      return std::nullopt;
    }
    count = count * 10 + digit;
  }
  const std::string_view unit = text.substr(digits);
  const std::int64_t scale = unit == "ms"  ? 1
                             : unit == "s" ? 1000
                             : unit == "m" ? 60'000
                             : unit == "h" ? 3'600'000
                                           : 0;
  if (digits == 0 || scale == 0 || count > largest / scale) {
    return std::nullopt;
  }
  return milliseconds(count * scale);
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
  std::string nearest;
  std::size_t best = word.size() / 2 + 1;
  for (const std::string& candidate : known) {
    if (word.size() > candidate.size() * 2) {
      continue;  // its distance is over half of the word's length; the word may be a whole file
    }
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace toolkit
