#include "exam.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <thread>

#include "../support/temp_folder.hpp"
#include "toolkit/error.hpp"

namespace toolkit::test {

namespace {

std::string text_of(const Check& check) {
  std::string text = check.reason;
  for (const Difference& difference : check.differences) {
    text += "\n    " + describe(difference);
  }
  return text;
}

bool says_all(const Check& check, const Finding& finding) {
  const std::string text = text_of(check);
  return check.check == finding.check && std::to_string(check.version) == finding.version &&
         check.result != CheckResult::pass &&
         std::all_of(finding.texts.begin(), finding.texts.end(),
                     [&](const std::string& each) { return text.find(each) != std::string::npos; });
}

/// One server's part of the exam.
class Candidate {
 public:
  explicit Candidate(const TestServer& server) : server_(server), dialects_(builtin_dialects()) {}

  void take(const MutationSet& set) {
    if (!is_for(set, nullptr, server_.engine)) {
      return;
    }
    Mutant healthy;
    healthy.kind = "a set that holds";
    healthy.name = set.name;
    healthy.is_harmless = true;
    answer(set, healthy, files_of(set, nullptr, server_.engine));
    Mutant layout = healthy;
    layout.kind = "another layout";
    answer(set, layout, in_another_layout(files_of(set, nullptr, server_.engine), syntax()));
    for (const Mutant& mutant : set.mutants) {
      if (is_for(set, &mutant, server_.engine)) {
        answer(set, mutant, files_of(set, &mutant, server_.engine));
      }
    }
  }

  std::vector<Answer> answers;
  std::chrono::duration<double> took{};

 private:
  ScriptSyntax syntax() const {
    return dialects_.for_flavour(server_.engine).script_syntax(server_.engine, {});
  }

  void answer(const MutationSet& set, const Mutant& mutant, const FileTree& files) {
    const EngineReport report = verified(set, mutant, files);
    answers.push_back(answer_of(set, mutant, server_, judge(report, mutant), shown(report)));
  }

  EngineReport verified(const MutationSet& set, const Mutant& mutant, const FileTree& files) {
    const TempFolder folder;
    write_files(folder.path(), files);
    VerifyOptions options;
    options.migrator.folder.path = folder.path();
    options.strict = set.is_strict;
    options.sqlite_drop_column = true;
    options.only = only_version(set, mutant);
    VerifyTarget target;
    target.flavour = server_.engine;
    if (server_.engine != "sqlite") {
      target.server = parse_url(server_.url);
    }
    options.targets = {target};
    SilentVerify silence;
    return verify(dialects_, options, silence).engines.front();
  }

  /// Of a long set only the version at fault is proven, for time's sake.
  static std::optional<Version> only_version(const MutationSet& set, const Mutant& mutant) {
    const bool is_long = !set.folder.empty() || set.files.size() > 12;
    if (!is_long || mutant.findings.empty() || mutant.findings.front().version == "0") {
      return std::nullopt;
    }
    return std::stoll(mutant.findings.front().version);
  }

  TestServer server_;
  Registry dialects_;
};

void tell_time(const std::string& part, std::size_t answers, std::chrono::duration<double> took) {
  std::cout << part << ": " << answers << " in " << std::lround(took.count()) << " s\n";
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::found:
      return "found";
    case Verdict::missed:
      return "missed";
    case Verdict::named_wrongly:
      return "named wrongly";
    case Verdict::quiet:
      return "quiet";
    case Verdict::false_alarm:
      return "false alarm";
    case Verdict::known_miss:
      break;
  }
  return "missed as listed";
}

bool is_good(Verdict verdict) {
  return verdict == Verdict::found || verdict == Verdict::quiet || verdict == Verdict::known_miss;
}

std::string shown(const EngineReport& report) {
  std::string text;
  for (const Check& check : report.checks) {
    if (check.result != CheckResult::pass) {
      const char* result = check.result == CheckResult::fail   ? "FAIL "
                           : check.result == CheckResult::note ? "note "
                                                               : "skip ";
      text += std::string("  ") + result + check.check + " " + std::to_string(check.version) + ": " +
              text_of(check) + "\n";
    }
  }
  return text;
}

Verdict judge(const EngineReport& report, const Mutant& mutant) {
  if (mutant.is_harmless) {
    return report.ok() ? Verdict::quiet : Verdict::false_alarm;
  }
  const auto is_said = [&](const Finding& finding) {
    return std::any_of(report.checks.begin(), report.checks.end(),
                       [&](const Check& check) { return says_all(check, finding); });
  };
  // A check that fails elsewhere sends the reader to the wrong place.
  const auto is_elsewhere = [&](const Check& check) {
    return check.result == CheckResult::fail &&
           std::none_of(mutant.findings.begin(), mutant.findings.end(), [&](const Finding& finding) {
             return finding.check == check.check && finding.version == std::to_string(check.version);
           });
  };
  if (std::all_of(mutant.findings.begin(), mutant.findings.end(), is_said)) {
    return std::any_of(report.checks.begin(), report.checks.end(), is_elsewhere) ? Verdict::named_wrongly
                                                                                 : Verdict::found;
  }
  return report.ok() ? Verdict::missed : Verdict::named_wrongly;
}

Answer answer_of(const MutationSet& set, const Mutant& mutant, const TestServer& server, Verdict verdict,
                 const std::string& text) {
  Answer answer{mutant.kind, set.name + " / " + mutant.name, server.label, mutant.is_harmless,
                verdict,     mutant.place + "\n" + text};
  if (const auto known = mutant.misses.find(server.engine); known != mutant.misses.end()) {
    // A miss that is none any more must not stay on the list.
    answer.text += "listed as missed: " + known->second + "\n";
    answer.verdict = verdict == Verdict::missed ? Verdict::known_miss : Verdict::named_wrongly;
  }
  return answer;
}

bool takes_part(const MutationSet& set, const std::string& filter) {
  return set.pending.empty() && set.name.find(filter) != std::string::npos;
}

std::vector<Answer> run_exam(const std::vector<MutationSet>& sets, const std::vector<TestServer>& servers,
                             const std::string& filter) {
  std::vector<std::unique_ptr<Candidate>> candidates;
  std::vector<std::exception_ptr> failures(servers.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < servers.size(); ++i) {
      candidates.push_back(std::make_unique<Candidate>(servers[i]));
      threads.emplace_back([&sets, &filter, &failures, i, candidate = candidates.back().get()] {
        const auto began = std::chrono::steady_clock::now();
        try {
          for (const MutationSet& set : sets) {
            if (!set.is_parity && takes_part(set, filter)) {
              candidate->take(set);
            }
          }
        } catch (...) {
          failures[i] = std::current_exception();
        }
        candidate->took = std::chrono::steady_clock::now() - began;
      });
    }
  }
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (failures[i]) {
      std::rethrow_exception(failures[i]);
    }
    answers.insert(answers.end(), candidates[i]->answers.begin(), candidates[i]->answers.end());
    tell_time(servers[i].label, candidates[i]->answers.size(), candidates[i]->took);
  }
  const auto began = std::chrono::steady_clock::now();
  const std::vector<Answer> parity = run_parity_exam(sets, servers, filter);
  tell_time("parity", parity.size(), std::chrono::steady_clock::now() - began);
  answers.insert(answers.end(), parity.begin(), parity.end());
  return answers;
}

}  // namespace toolkit::test
