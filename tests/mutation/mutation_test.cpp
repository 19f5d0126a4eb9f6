#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>

#include "exam.hpp"

using namespace toolkit;
using namespace toolkit::test;

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// TOOLKIT_MUTATION_ENGINE leaves only that one.
std::vector<TestServer> servers() {
  const std::string engine = variable("TOOLKIT_MUTATION_ENGINE");
  return engine.empty() ? test_servers() : test_servers(engine);
}

}  // namespace

TEST_CASE("mutation: every mutant changes something where it applies") {
  for (const MutationSet& set : all_sets()) {
    for (const Mutant& mutant : set.mutants) {
      int changed = 0;
      for (const std::string& engine : all_engines()) {
        const bool applies = is_for(set, &mutant, engine) && changes(set, mutant, engine);
        changed += applies ? 1 : 0;
        CAPTURE(mutant.place);
        CAPTURE(mutant.name);
        if (applies) {
          CHECK_NOTHROW(static_cast<void>(files_of(set, &mutant, engine)));
        }
      }
      CHECK_MESSAGE(changed > 0, mutant.place);
    }
  }
}

TEST_CASE("mutation: every defect is found and named, and nothing harmless fails") {
  const std::vector<MutationSet> sets = all_sets();
  for (const MutationSet& set : sets) {
    if (!set.pending.empty()) {
      std::cout << "SKIPPED: the set '" << set.name << "' with " << set.mutants.size()
                << " mutants: " << set.pending << "\n";
    }
  }
  const std::vector<Answer> answers = run_exam(sets, servers(), variable("TOOLKIT_MUTATION_SETS"));
  std::cout << exam_table(answers);
  for (const Answer& answer : answers) {
    CAPTURE(answer.engine);
    CAPTURE(answer.kind);
    CAPTURE(answer.name);
    CAPTURE(answer.text);
    CHECK_MESSAGE(is_good(answer.verdict), to_string(answer.verdict));
  }
}
