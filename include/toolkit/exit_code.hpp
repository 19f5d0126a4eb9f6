#pragma once

namespace toolkit {

/// What the process tells its caller. One enum for the whole command; scripts rely on the numbers.
enum class ExitCode {
  done = 0,               ///< everything asked for holds now
  failed = 1,             ///< a migration failed, or the server refused, could not be reached, timed out
  known_offline = 2,      ///< usage, files, configuration, changed, missing, late: known without a server
  findings = 3,           ///< pending with --check, verify, parity, drift
  lock_not_obtained = 4,  ///< another runner held the lock for longer than the wait
  unsettled = 5,          ///< an interrupted version needs one human decision; wins over `findings`
  interrupted = 130,      ///< SIGINT, after an orderly cancel
  terminated = 143,       ///< SIGTERM, after an orderly cancel
};

}  // namespace toolkit
