#include <map>

#include "verify_output.hpp"

namespace toolkit::cli {

namespace {

constexpr const char* style =
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #ddd}"
    "td{font-family:ui-monospace,monospace;font-size:13px}.pass{color:#17692f}.fail{color:#a8071a;font-"
    "weight:600}"
    ".note,.skip{color:#875a00}pre{white-space:pre-wrap;margin:.2rem 0 1rem 1rem}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}th,td{border-color:#444}"
    ".pass{color:#6c6}.fail{color:#f77}.note,.skip{color:#db5}}";

/// The first word of a cell is its class: ok, fail, note, skip.
std::string class_of(const std::string& cell) {
  const std::string word = cell.substr(0, cell.find(' '));
  return word == "ok" ? "pass" : word == "-" ? "skip" : word;
}

std::string class_of(CheckResult result) {
  return result == CheckResult::pass   ? "pass"
         : result == CheckResult::fail ? "fail"
         : result == CheckResult::skip ? "skip"
                                       : "note";
}

std::string matrix(const VerifyReport& report) {
  std::map<Version, std::string> versions;
  std::string head = "<tr><th>version</th>";
  for (const EngineReport& engine : report.engines) {
    head += "<th>" + xml_text(engine.server.empty() ? engine.engine : engine.server) + "</th>";
    for (const Check& check : engine.checks) {
      if (check.version != 0) {
        versions[check.version] = check.label;
      }
    }
  }
  std::string rows;
  for (const auto& [version, label] : versions) {
    rows += "<tr><td>" + xml_text(label) + "</td>";
    for (const EngineReport& engine : report.engines) {
      const std::string cell = matrix_cell(engine, version);
      rows += "<td class=\"" + class_of(cell) + "\">" + xml_text(cell) + "</td>";
    }
    rows += "</tr>\n";
  }
  return "<table>\n<thead>" + head + "</tr></thead>\n<tbody>\n" + rows + "</tbody>\n</table>\n";
}

std::string finding(const EngineReport& engine, const Check& check) {
  const std::string word = class_of(check.result);
  std::string text = "<p><span class=\"" + word + "\">" + word + "</span> " + xml_text(engine.engine) + " " +
                     xml_text(check.label) + " " + xml_text(check.check) + "</p>\n";
  std::string detail = check.reason;
  for (const Difference& difference : check.differences) {
    detail += (detail.empty() ? "" : "\n") + describe(difference);
  }
  detail += check.file.empty() || check.result != CheckResult::fail ? "" : "\nlook at " + check.file;
  return text + (detail.empty() ? "" : "<pre>" + xml_text(detail) + "</pre>\n");
}

}  // namespace

std::string html_text(const VerifyReport& report) {
  std::string findings;
  for (const EngineReport& engine : suites_of(report)) {
    for (const Check& check : engine.checks) {
      findings += check.result == CheckResult::pass ? "" : finding(engine, check);
    }
  }
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>toolkit "
         "verify</title>\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n<style>" +
         std::string(style) + "</style>\n</head>\n<body>\n<h1>toolkit verify</h1>\n<p class=\"" +
         (report.ok() ? "pass" : "fail") + "\">" + xml_text(verify_sentence(report)) + "</p>\n" +
         matrix(report) + (findings.empty() ? "" : "<h2>Findings</h2>\n" + findings) + "</body>\n</html>\n";
}

}  // namespace toolkit::cli
