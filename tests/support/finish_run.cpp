#include "finish_run.hpp"

#include <iostream>

#include "secrets.hpp"
#include "servers.hpp"

namespace toolkit::test {

int finish_run(int result) {
  stop_test_servers();
  if (leaking_outputs() > 0) {
    std::cerr << "FAILED: " << leaking_outputs() << " outputs of this run held a password\n";
    return result == 0 ? 1 : result;
  }
  return result;
}

}  // namespace toolkit::test
