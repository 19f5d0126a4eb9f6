#include <algorithm>
#include <iostream>
#include <limits>

#include "../support/temp_folder.hpp"
#include "exam.hpp"
#include "toolkit/error.hpp"

// The part of the exam that needs all engines in one run.

namespace toolkit::test {

namespace {

bool names(const ParityDifference& difference, const Finding& finding) {
  if (finding.check != "parity") {
    return false;
  }
  const std::string text = difference.object + ": " + difference.rule + ": " + difference.in_reference +
                           " | " + difference.in_other;
  return std::all_of(finding.texts.begin(), finding.texts.end(),
                     [&](const std::string& each) { return text.find(each) != std::string::npos; });
}

bool is_named(const ParityComparison& comparison, const Finding& finding) {
  return std::any_of(comparison.differences.begin(), comparison.differences.end(),
                     [&](const ParityDifference& each) { return names(each, finding); });
}

/// A difference that fails and that the mutant did not make.
bool has_others(const ParityComparison& comparison, const Mutant& mutant) {
  return std::any_of(
      comparison.differences.begin(), comparison.differences.end(), [&](const ParityDifference& each) {
        return !each.is_note && std::none_of(mutant.findings.begin(), mutant.findings.end(),
                                             [&](const Finding& finding) { return names(each, finding); });
      });
}

/// Some defects are told before anything runs.
Verdict judge_refusal(const std::string& text, const Mutant& mutant) {
  if (mutant.is_harmless) {
    return Verdict::false_alarm;
  }
  const bool is_named =
      std::all_of(mutant.findings.begin(), mutant.findings.end(), [&](const Finding& finding) {
        return finding.check == "refused" &&
               std::all_of(finding.texts.begin(), finding.texts.end(),
                           [&](const std::string& each) { return text.find(each) != std::string::npos; });
      });
  return is_named ? Verdict::found : Verdict::named_wrongly;
}

class ParityExam {
 public:
  explicit ParityExam(const std::vector<TestServer>& servers)
      : servers_(servers), dialects_(builtin_dialects()) {}

  void take(const MutationSet& set) {
    Mutant healthy;
    healthy.kind = "a set that holds";
    healthy.name = set.name;
    healthy.is_harmless = true;
    for (const TestServer& server : servers_) {
      if (is_for(set, nullptr, server.engine)) {
        answer(set, healthy, server, files_of(set, nullptr, server.engine));
      }
    }
    for (const Mutant& mutant : set.mutants) {
      for (const TestServer& server : servers_) {
        if (is_for(set, &mutant, server.engine) && changes(set, mutant, server.engine)) {
          answer(set, mutant, server, files_of(set, &mutant, server.engine));
        }
      }
    }
  }

  std::vector<Answer> answers;

 private:
  /// `planted` is on that server; the others have the set as it is.
  void answer(const MutationSet& set, const Mutant& mutant, const TestServer& reference,
              const FileTree& planted) {
    FileTree files = planted;
    std::vector<TestServer> present = {reference};
    for (const TestServer& server : servers_) {
      if (server.label != reference.label && server.engine != reference.engine &&
          is_for(set, &mutant, server.engine)) {
        files.merge(files_of(set, nullptr, server.engine));
        present.push_back(server);
      }
    }
    if (present.size() < 2) {
      return;
    }
    try {
      const VerifyReport report = verified(set, files, present);
      answers.push_back(answer_of(set, mutant, reference, judge_parity(report, mutant), shown(report)));
    } catch (const Error& refusal) {
      answers.push_back(answer_of(set, mutant, reference, judge_refusal(refusal.what(), mutant),
                                  std::string("refused: ") + refusal.what()));
    }
  }

  VerifyReport verified(const MutationSet& set, const FileTree& files,
                        const std::vector<TestServer>& servers) {
    const TempFolder folder;
    write_files(folder.path(), files);
    VerifyOptions options;
    options.migrator.folder.path = folder.path();
    options.strict = set.is_strict;
    options.rows = false;
    // The ways down are the other sets' matter; here every version only goes up.
    options.from = std::numeric_limits<Version>::max();
    for (const TestServer& server : servers) {
      VerifyTarget target;
      target.flavour = server.engine;
      target.label = server.label;
      if (server.engine != "sqlite") {
        target.server = parse_url(server.url);
      }
      options.targets.push_back(std::move(target));
    }
    SilentVerify silence;
    return verify(dialects_, options, silence);
  }

  std::vector<TestServer> servers_;
  Registry dialects_;
};

}  // namespace

std::string shown(const VerifyReport& report) {
  std::string text;
  for (const EngineReport& engine : report.engines) {
    text += engine.ok() ? "" : engine.engine + "\n" + shown(engine);
  }
  for (const ParityComparison& each : report.parity->report.comparisons) {
    for (const ParityDifference& difference : each.differences) {
      text += std::string("  ") + (difference.is_note ? "note " : "FAIL ") + difference.rule + ": " +
              describe(difference, each.reference, each.other) + "\n";
    }
  }
  return text;
}

Verdict judge_parity(const VerifyReport& report, const Mutant& mutant) {
  const std::vector<ParityComparison>& comparisons = report.parity->report.comparisons;
  const bool is_complete = comparisons.size() + 1 == report.engines.size();
  if (mutant.is_harmless) {
    return report.ok() && is_complete ? Verdict::quiet : Verdict::false_alarm;
  }
  const auto is_found = [&](const ParityComparison& comparison) {
    return std::all_of(mutant.findings.begin(), mutant.findings.end(),
                       [&](const Finding& finding) { return is_named(comparison, finding); });
  };
  const bool is_elsewhere =
      !is_complete || std::any_of(comparisons.begin(), comparisons.end(),
                                  [&](const ParityComparison& each) { return has_others(each, mutant); });
  if (std::all_of(comparisons.begin(), comparisons.end(), is_found)) {
    return is_elsewhere ? Verdict::named_wrongly : Verdict::found;
  }
  return is_elsewhere ? Verdict::named_wrongly : Verdict::missed;
}

std::vector<Answer> run_parity_exam(const std::vector<MutationSet>& sets,
                                    const std::vector<TestServer>& servers, const std::string& filter) {
  ParityExam exam(servers);
  for (const MutationSet& set : sets) {
    if (!set.is_parity || !takes_part(set, filter)) {
      continue;
    }
    if (servers.size() < 2) {
      std::cout << "SKIPPED: the set '" << set.name << "' needs two engines\n";
    } else {
      exam.take(set);
    }
  }
  return std::move(exam.answers);
}

}  // namespace toolkit::test
