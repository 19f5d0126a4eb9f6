#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "../support/finish_run.hpp"

// mutation_tests [doctest's own options]: the exam of verify, see README.md. TOOLKIT_MUTATION_SETS=NAME takes
// only the sets whose name holds that, TOOLKIT_MUTATION_ENGINE=sqlite only one engine.
int main(int argc, char** argv) {
  // Nothing here has to outlive the machine.
  if (std::filesystem::exists("/dev/shm")) {
    setenv("TMPDIR", "/dev/shm", 0);
  }
  doctest::Context context(argc, argv);
  return toolkit::test::finish_run(context.run());
}
