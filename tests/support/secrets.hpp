#pragma once

#include <string>
#include <string_view>

namespace toolkit::test {

/// Every password that a test makes up begins like this, so that one search finds all of them.
inline constexpr std::string_view secret_prefix = "s3cr3t-";

/// The password of this run: random, the same at every call.
const std::string& test_password();

/// One that begins like all others and ends with `rest`, for what depends on its characters.
std::string made_up_password(std::string_view rest);

/// Takes part in the search of the whole run (search_outputs), as it stands and as URLs write it. For
/// passwords that no test made up: those of servers. The two functions above note theirs.
void note_password(const std::string& password);

/// Takes part in the search: `output` is what a program under test printed, or the text of an error that a
/// person would read. It is kept in the folder that TOOLKIT_TEST_OUTPUT_LOG names, if any, and counted when
/// it holds a password that a test made up.
void note_output(std::string_view output);

/// How many outputs of this program held a password; a test's main fails when there are any.
int leaking_outputs();

/// A leak that a test makes on purpose, to see that it is noticed.
void forget_leaks();

}  // namespace toolkit::test
