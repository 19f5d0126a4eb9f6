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

/// One page that needs nothing but itself: the sentence, the matrix in colours, every finding.
std::string html_text(const VerifyReport& report);

/// What one version did on one engine: the worst of its checks and which one that was, and the locks.
std::string matrix_cell(const EngineReport& engine, Version version);

/// `proven: 12 checks passed, …`, with its line end.
std::string verify_sentence(const VerifyReport& report);

/// The engines, and parity behind them as one more, where it was looked at.
std::vector<EngineReport> suites_of(const VerifyReport& report);

/// Text as XML and HTML hold it. XML 1.0 allows no control characters but three, whatever stands for them.
std::string xml_text(std::string_view text);

/// GitHub's workflow commands, `::error file=…::message`, one per failed check.
std::string annotations_text(const VerifyReport& report);

}  // namespace toolkit::cli
