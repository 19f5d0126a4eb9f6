#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "palette.hpp"
#include "toolkit/verify.hpp"

/// What `verify` prints and writes. Everything here is pure.
namespace toolkit::cli {

/// The matrix (version by engine), then every finding with its differences, the checks of the whole, and one
/// sentence. Ends with LF.
std::string verify_text(const VerifyReport& report, bool verbose, const Palette& palette);

nlohmann::ordered_json verify_document(const VerifyReport& report);

/// JUnit's XML as GitLab, Jenkins and GitHub's actions read it: a suite per engine, a case per check; notes
/// are the case's output.
std::string junit_text(const VerifyReport& report);

/// TAP version 13 with YAML blocks for failures, as `prove` and node's readers take it.
std::string tap_text(const VerifyReport& report);

/// GitHub's workflow commands, `::error file=…::message`, one per failed check.
std::string annotations_text(const VerifyReport& report);

}  // namespace toolkit::cli
