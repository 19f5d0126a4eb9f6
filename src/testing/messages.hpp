#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/testing.hpp"

/// The texts of the results. Everything here is pure.
namespace toolkit::testing {

/// What the round trip of all versions, or of one, came to. A version whose way nothing was proven of,
/// because an earlier one failed, fails with that one's finding.
Result round_trip_result(const EngineReport& report, std::optional<Version> version);

/// What the fresh schema came to. A failed version before it fails too.
Result fresh_result(const EngineReport& report);

Result parity_result(const VerifyParity& parity, const std::vector<EngineReport>& engines);

/// A check that could not be made.
Result impossible(const std::string& what, const std::string& why);

}  // namespace toolkit::testing
