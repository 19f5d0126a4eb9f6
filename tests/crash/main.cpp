#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "../support/finish_run.hpp"
#include "crash_table.hpp"

// crash_tests [--all] [doctest's own options]
//   --all   every point, all rounds, on every server that is given or found; prints the table. Kills with -9
//   the
//           servers of TOOLKIT_TEST_…_URL that run on this machine, and starts them again with the same
//           command.
// TOOLKIT_CRASH_SEED chooses the random part; without it the day does.
int main(int argc, char** argv) {
  using namespace toolkit::test;
  constexpr std::time_t day = 24L * 60 * 60;
  const char* seed = std::getenv("TOOLKIT_CRASH_SEED");
  crash_options().seed =
      seed != nullptr ? std::stoull(seed) : static_cast<std::uint64_t>(std::time(nullptr) / day);
  // Processes die here, machines do not: in memory the servers and files need no disk that is synced.
  if (std::filesystem::exists("/dev/shm")) {
    setenv("TMPDIR", "/dev/shm", 0);
  }
  std::vector<char*> rest;
  for (int i = 0; i < argc; ++i) {
    if (std::string(argv[i]) == "--all") {
      crash_options().all = true;
    } else {
      rest.push_back(argv[i]);
    }
  }
  doctest::Context context(static_cast<int>(rest.size()), rest.data());
  const int result = context.run();
  std::cout << crash_table();
  return finish_run(result);
}
