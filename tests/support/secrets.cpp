#include "secrets.hpp"

#include <cstdlib>
#include <fstream>
#include <random>

namespace toolkit::test {

namespace {

int leaks = 0;

std::string make_password() {
  std::random_device random;
  std::string password(secret_prefix);
  for (int i = 0; i < 16; ++i) {
    password += "0123456789abcdefghijklmnopqrstuv"[random() % 32];
  }
  return password;
}

}  // namespace

const std::string& test_password() {
  static const std::string password = make_password();
  return password;
}

void note_output(std::string_view output) {
  if (output.find(secret_prefix) != std::string_view::npos) {
    ++leaks;
  }
  const char* log = std::getenv("TOOLKIT_TEST_OUTPUT_LOG");
  if (log != nullptr && *log != '\0') {
    std::ofstream(log, std::ios::binary | std::ios::app) << output << '\n';
  }
}

int leaking_outputs() { return leaks; }

void forget_leaks() { leaks = 0; }

}  // namespace toolkit::test
