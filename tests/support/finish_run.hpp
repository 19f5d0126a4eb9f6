#pragma once

namespace toolkit::test {

/// The end of every test program: stops the run's servers, and turns a success into a failure when an output
/// of the run held a password. Returns the exit code.
int finish_run(int result);

}  // namespace toolkit::test
