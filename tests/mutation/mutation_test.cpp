#include <doctest/doctest.h>

#include <algorithm>
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

/// PostgreSQL 15 and newer: the mutants use its words.
bool knows_the_words(const TestServer& server) {
  if (server.engine != "postgresql") {
    return true;
  }
  const TestDatabase database(server);
  return std::stoi(database.value("SHOW server_version_num")) >= 150000;
}

/// One of each engine; TOOLKIT_MUTATION_ENGINE leaves only that one.
std::vector<TestServer> servers() {
  const std::string only = variable("TOOLKIT_MUTATION_ENGINE");
  std::vector<TestServer> chosen;
  for (const std::string& engine : only.empty() ? all_engines() : std::vector<std::string>{only}) {
    const std::vector<TestServer>& there = test_servers(engine);
    const auto one = std::find_if(there.begin(), there.end(), knows_the_words);
    if (one != there.end()) {
      chosen.push_back(*one);
    } else {
      std::cout << "SKIPPED: the exam on " << engine << ": no server that knows the mutants' words\n";
    }
  }
  return chosen;
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
