#pragma once

#include <string>
#include <string_view>

namespace toolkit::test {

/// Every password that a test makes up begins like this, so that one search finds all of them.
inline constexpr std::string_view secret_prefix = "s3cr3t-";

/// The password of this run: random, the same at every call. Tests use no other one.
const std::string& test_password();

/// Takes part in the search: `output` is what a program under test printed. It is appended to the file that
/// TOOLKIT_TEST_OUTPUT_LOG names, if any, and counted when it holds a password of the run.
void note_output(std::string_view output);

/// How many outputs of this run held a password; a test's main fails when there are any.
int leaking_outputs();

/// A leak that a test makes on purpose, to see that it is noticed.
void forget_leaks();

}  // namespace toolkit::test
