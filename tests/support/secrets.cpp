#include "secrets.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "toolkit/sandbox_server.hpp"

namespace toolkit::test {

namespace {

int leaks = 0;

std::string random_rest() {
  std::random_device random;
  std::string rest;
  for (int i = 0; i < 16; ++i) {
    rest += "0123456789abcdefghijklmnopqrstuv"[random() % 32];
  }
  return rest;
}

/// Into a file of this process, in the folder of the run.
void keep(const std::string& kind, std::string_view text) {
  const char* folder = std::getenv("TOOLKIT_TEST_OUTPUT_LOG");
  if (folder == nullptr || *folder == '\0') {
    return;
  }
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = std::filesystem::path(folder) / (kind + '-' + std::to_string(getpid()));
  std::ofstream(file, std::ios::binary | std::ios::app) << text << '\n';
}

}  // namespace

const std::string& test_password() {
  static const std::string password = made_up_password(random_rest());
  return password;
}

std::string made_up_password(std::string_view rest) {
  std::string password = std::string(secret_prefix) + std::string(rest);
  note_password(password);
  return password;
}

void note_password(const std::string& password) {
  keep("passwords", password);
  keep("passwords", percent_encode(password));
}

void note_output(std::string_view output) {
  if (output.find(secret_prefix) != std::string_view::npos) {
    ++leaks;
  }
  keep("outputs", output);
}

int leaking_outputs() { return leaks; }

void forget_leaks() { leaks = 0; }

}  // namespace toolkit::test
