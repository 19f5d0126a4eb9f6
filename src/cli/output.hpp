#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

#include "palette.hpp"
#include "toolkit/diff.hpp"
#include "toolkit/migrate.hpp"

/// What commands print: JSON documents with stable keys (design section 9), and the same for people. Pure.
namespace toolkit::cli {

nlohmann::ordered_json run_document(const RunReport& report);
nlohmann::ordered_json status_document(const StatusReport& report);
nlohmann::ordered_json plan_document(const Plan& plan, const ServerInfo& server);
nlohmann::ordered_json error_document(const ErrorDetails& details);
nlohmann::ordered_json difference_json(const Difference& difference);

/// One line of JSON or more, ending with LF. Bytes that are no UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& document);

/// The table and the problems, for a person.
std::string status_text(const StatusReport& report, bool verbose, const Palette& palette);

/// What a failed run did, failed and left untouched; or the summary of a good one.
std::string run_text(const RunReport& report, bool verbose);

/// Blanks behind `text`, up to `width` bytes; a longer one stays as it is.
std::string padded(std::string text, std::size_t width);

/// "12 ms", "3.4 s", "2 min 5 s".
std::string duration_text(std::int64_t milliseconds);

}  // namespace toolkit::cli
