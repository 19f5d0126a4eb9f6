#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "palette.hpp"
#include "toolkit/parity.hpp"

/// What `parity`, and the parity part of `verify`, print. Everything here is pure.
namespace toolkit::cli {

struct ParityTotals {
  std::size_t failures = 0;
  std::size_t notes = 0;
  std::size_t allowed = 0;
};
ParityTotals parity_totals(const ParityReport& report);

/// A line for every difference, allowed one and stale allowance; empty when there are none. Ends with LF.
std::string parity_findings_text(const ParityReport& report, const Palette& palette);

/// `2 differences, 1 allowed, 0 notes between postgresql and mysql, sqlite`.
std::string parity_counts(const ParityReport& report);

/// What to write into toolkit.toml where the first difference is meant; empty when all holds.
std::string parity_advice(const ParityReport& report);

/// `parity holds: …` or `no parity: …`, and what to write into toolkit.toml where a difference is meant.
std::string parity_sentence(const ParityReport& report);

/// `differences`, `allowed` and `stale`, each difference with both sides.
nlohmann::ordered_json parity_json(const ParityReport& report);

}  // namespace toolkit::cli
