#include "cli/command_line.hpp"
#include "cli/interrupt.hpp"
#include "toolkit/exit_code.hpp"
#include "toolkit/registry.hpp"

int main(int argc, char** argv) {
  const toolkit::cli::Interrupt interrupt;
  const toolkit::Registry dialects = toolkit::builtin_dialects();
  const int code = toolkit::cli::run_command_line(argc, argv, dialects, interrupt.token());
  const bool interrupted = code == static_cast<int>(toolkit::ExitCode::interrupted);
  return interrupted && interrupt.signal() != 0 ? 128 + interrupt.signal() : code;
}
