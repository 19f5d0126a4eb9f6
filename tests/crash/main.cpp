#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "../support/finish_run.hpp"

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  return toolkit::test::finish_run(context.run());
}
