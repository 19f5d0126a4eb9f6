#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/script.hpp"

namespace toolkit {

/// `ignore RULE REASON`: one lint rule that this file may break, and why.
struct IgnoredRule {
  std::string rule;
  std::string reason;
};

/// The `-- toolkit:` lines of one file, typed. Times are whole milliseconds.
struct Directives {
  bool no_transaction = false;
  std::optional<std::string> irreversible;  ///< the reason; only in a down file without a statement
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;
  std::optional<std::string> applied_if;    ///< a SELECT that answers "was it applied?"
  std::vector<std::string> also_checksums;  ///< further accepted checksums, `sha256:` + 64 hex digits
  std::vector<IgnoredRule> ignored_rules;
  std::optional<std::string> schema_version;  ///< digits; only in schema.sql files
};

/// Which kind of file the directives stand in; some are for one kind only.
enum class DirectivePlace { up, down, schema, base };

/// Pure. Throws Error(files) at the directive's place for an unknown word (naming the nearest known one),
/// a reserved word (`variables`, `repeat`), a misplaced line (after the first token, or of a kind that
/// does not belong into this file), a bad or missing value, or a word given twice where one is meant.
Directives parse_directives(const ScannedScript& script, std::string_view text, const std::string& path,
                            DirectivePlace place);

/// Pure. A duration as people write it: `500ms`, `5s`, `10m`, `2h`; a bare number is refused.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Pure. The entry of `known` with the smallest edit distance to `word`, or empty when none is near
/// (distance over half of the word's length).
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

}  // namespace toolkit
