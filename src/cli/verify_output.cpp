#include "verify_output.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "output.hpp"
#include "parity_output.hpp"

namespace toolkit::cli {

namespace {

std::string_view word_of(CheckResult result) {
  switch (result) {
    case CheckResult::pass:
      return "pass";
    case CheckResult::fail:
      return "fail";
    case CheckResult::skip:
      return "skip";
    case CheckResult::note:
      return "note";
  }
  return "fail";
}

/// The strongest lock, or the way that MySQL took, and a star where a table was written anew.
std::string locks_of(const EngineReport& engine, Version version) {
  for (const VersionLocks& each : engine.locks) {
    if (each.version == version && !each.locks.empty()) {
      const LockTaken& first = each.locks.front();
      const bool rewrites = std::any_of(each.locks.begin(), each.locks.end(),
                                        [](const LockTaken& lock) { return lock.rewritten; });
      if (first.object.empty() && !rewrites) {
        return {};  // the whole database, as every version on SQLite
      }
      return "  " + (first.algorithm.empty() ? first.lock : first.algorithm + " " + first.lock) +
             (rewrites ? " *" : "");
    }
  }
  return {};
}

std::string matrix_of(const VerifyReport& report, const Palette& palette) {
  std::map<Version, std::string> versions;
  std::size_t label_width = 7;
  for (const EngineReport& engine : report.engines) {
    for (const Check& check : engine.checks) {
      if (check.version != 0) {
        versions[check.version] = check.label;
        label_width = std::max(label_width, check.label.size());
      }
    }
  }
  std::vector<std::size_t> widths;
  std::string text = padded("version", label_width);
  for (const EngineReport& engine : report.engines) {
    const std::string title = engine.server.empty() ? engine.engine : engine.server;
    widths.push_back(std::max<std::size_t>(title.size(), 13));
    for (const auto& [version, label] : versions) {
      widths.back() = std::max(widths.back(), matrix_cell(engine, version).size());
    }
    text += "  " + padded(title, widths.back());
  }
  text += "\n";
  for (const auto& [version, label] : versions) {
    text += padded(label, label_width);
    for (std::size_t i = 0; i < report.engines.size(); ++i) {
      const std::string cell = matrix_cell(report.engines[i], version);
      const std::string shown = padded(cell, widths[i]);
      text += "  " + (cell.starts_with("fail") ? palette.bad(shown) : shown);
    }
    text += "\n";
  }
  return text;
}

std::string indented(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c;
    result += c == '\n' ? "    " : "";
  }
  return result;
}

std::string finding_of(const EngineReport& engine, const Check& check, const Palette& palette) {
  const std::string word = std::string(word_of(check.result));
  std::string text = (check.result == CheckResult::fail ? palette.bad(word) : word) + "  " + engine.engine +
                     "  " + (check.label.empty() ? "" : check.label + "  ") + check.check +
                     (check.reason.empty() ? "" : ": " + indented(check.reason)) + "\n";
  for (const Difference& difference : check.differences) {
    text += "    " + indented(describe(difference)) + "\n";
  }
  if (!check.file.empty() && check.result == CheckResult::fail) {
    text += "    look at " + check.file + "\n";
  }
  return text;
}

std::string legend_of(const VerifyReport& report) {
  const bool has_locks =
      std::any_of(report.engines.begin(), report.engines.end(), [](const EngineReport& engine) {
        return std::any_of(engine.locks.begin(), engine.locks.end(),
                           [&](const VersionLocks& each) { return !locks_of(engine, each.version).empty(); });
      });
  return has_locks ? "(the strongest lock that the version takes on tables that were there before; "
                     "* a table is written anew; each one with --format json)\n"
                   : "";
}

struct Totals {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t notes = 0;
};

Totals totals_of(const VerifyReport& report) {
  Totals totals;
  for (const EngineReport& engine : report.engines) {
    for (const Check& check : engine.checks) {
      std::size_t& count = check.result == CheckResult::pass   ? totals.passed
                           : check.result == CheckResult::fail ? totals.failed
                           : check.result == CheckResult::skip ? totals.skipped
                                                               : totals.notes;
      ++count;
    }
  }
  if (report.parity) {
    const CheckResult result = report.parity->result;
    totals.passed += result == CheckResult::pass ? 1 : 0;
    totals.failed += result == CheckResult::fail ? 1 : 0;
    totals.skipped += result == CheckResult::skip ? 1 : 0;
    totals.notes += report.parity->notes.size() + parity_totals(report.parity->report).notes;
  }
  return totals;
}

std::string parity_text(const VerifyParity& parity, const Palette& palette) {
  std::string text = parity_findings_text(parity.report, palette);
  for (const std::string& note : parity.notes) {
    text += "note  parity  " + note + "\n";
  }
  const std::string word(word_of(parity.result));
  text += (parity.result == CheckResult::fail ? palette.bad(word) : word) + "  parity";
  if (parity.result == CheckResult::skip) {
    return text + ": " + parity.reason + "\n";
  }
  return text + "  " + parity_counts(parity.report) + "\n" + parity_advice(parity.report);
}

nlohmann::ordered_json json_of(const std::vector<Difference>& differences) {
  auto list = nlohmann::ordered_json::array();
  for (const Difference& difference : differences) {
    list.push_back(difference_json(difference));
  }
  return list;
}

/// `create_apps` of `0001_create_apps`, as in every other document.
std::string name_of(const std::string& label) { return label.substr(label.find('_') + 1); }

nlohmann::ordered_json json_of(const std::vector<VersionLocks>& versions) {
  auto list = nlohmann::ordered_json::array();
  for (const VersionLocks& version : versions) {
    auto locks = nlohmann::ordered_json::array();
    for (const LockTaken& lock : version.locks) {
      locks.push_back({{"object", lock.object},
                       {"lock", lock.lock},
                       {"algorithm", lock.algorithm},
                       {"rewritten", lock.rewritten}});
    }
    list.push_back(
        {{"version", std::to_string(version.version)}, {"name", name_of(version.label)}, {"locks", locks}});
  }
  return list;
}

nlohmann::ordered_json json_of(const Check& check) {
  return {{"check", check.check},
          {"version", check.version == 0 ? nlohmann::ordered_json(nullptr)
                                         : nlohmann::ordered_json(std::to_string(check.version))},
          {"name", name_of(check.label)},
          {"result", word_of(check.result)},
          {"reason", check.reason},
          {"file", check.file},
          {"duration_ms", check.duration_ms},
          {"differences", json_of(check.differences)}};
}

}  // namespace

std::string matrix_cell(const EngineReport& engine, Version version) {
  static constexpr std::array<CheckResult, 4> worst_first = {CheckResult::fail, CheckResult::skip,
                                                             CheckResult::note, CheckResult::pass};
  for (const CheckResult result : worst_first) {
    for (const Check& check : engine.checks) {
      if (check.version == version && check.result == result) {
        return (result == CheckResult::pass ? "ok" : std::string(word_of(result)) + " " + check.check) +
               locks_of(engine, version);
      }
    }
  }
  return "-";
}

std::string verify_sentence(const VerifyReport& report) {
  const Totals totals = totals_of(report);
  return std::string(report.ok() ? "proven: " : "not proven: ") + std::to_string(totals.passed) +
         " checks passed, " + std::to_string(totals.failed) + " failed, " + std::to_string(totals.notes) +
         (totals.notes == 1 ? " note, " : " notes, ") + std::to_string(totals.skipped) + " skipped on " +
         std::to_string(report.engines.size()) + (report.engines.size() == 1 ? " engine\n" : " engines\n");
}

std::string verify_text(const VerifyReport& report, bool verbose, const Palette& palette) {
  std::string text = matrix_of(report, palette) + legend_of(report) + "\n";
  for (const EngineReport& engine : report.engines) {
    for (const Check& check : engine.checks) {
      const bool is_of_the_whole = check.version == 0;
      if (check.result != CheckResult::pass || is_of_the_whole || verbose) {
        text += finding_of(engine, check, palette);
      }
    }
  }
  text += report.parity ? parity_text(*report.parity, palette) : "";
  for (const EngineReport& engine : report.engines) {
    if (!engine.url.empty()) {
      text += "kept  " + engine.engine + "  " + engine.url +
              (engine.is_held ? "  (kill " + std::to_string(report.holder) + " ends it)" : "") + "\n";
    }
  }
  return text + verify_sentence(report);
}

nlohmann::ordered_json verify_document(const VerifyReport& report) {
  auto engines = nlohmann::ordered_json::array();
  auto fresh = nlohmann::ordered_json::array();
  for (const EngineReport& engine : report.engines) {
    auto checks = nlohmann::ordered_json::array();
    for (const Check& check : engine.checks) {
      checks.push_back(json_of(check));
      if (check.check == "fresh") {
        fresh.push_back({{"engine", engine.engine},
                         {"result", word_of(check.result)},
                         {"reason", check.reason},
                         {"differences", json_of(check.differences)}});
      }
    }
    engines.push_back({{"engine", engine.engine},
                       {"flavour", engine.flavour},
                       {"server", engine.server},
                       {"ok", engine.ok()},
                       {"url", engine.url},
                       {"checks", checks},
                       {"locks", json_of(engine.locks)}});
  }
  nlohmann::ordered_json parity;
  if (report.parity) {
    parity = {{"ok", report.parity->result != CheckResult::fail},
              {"result", word_of(report.parity->result)},
              {"reason", report.parity->reason}};
    parity.update(parity_json(report.parity->report));
    parity["notes"] = report.parity->notes;
  }
  return {{"format", 1}, {"ok", report.ok()}, {"engines", engines}, {"fresh", fresh}, {"parity", parity}};
}

}  // namespace toolkit::cli
