#pragma once

#include "toolkit/process.hpp"

namespace toolkit::guardian {

/// What the guardian tells the owner; each is one write of less than PIPE_BUF bytes.
struct Report {
  enum class Kind : int { started, refused, ended };
  Kind kind = Kind::started;
  int value = 0;  ///< pid, errno, or the status of waitpid
};

/// Everything the forked side needs, prepared before the fork: it must not allocate.
struct Plan {
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  const char* working_folder = nullptr;  ///< or null
  const char* output = nullptr;          ///< or null
  const char* remove_if_orphaned = nullptr;
  bool change_user = false;
  unsigned uid = 0;
  unsigned gid = 0;
  int stop_signal = 0;
  int stop_grace_ms = 0;
  int control = -1;  ///< read end
  int reports = -1;  ///< write end
  int inherited_lock = -1;
};

/// The byte that the owner sends before it closes the control pipe in an orderly stop.
inline constexpr char orderly_stop = 's';

/// The guardian's whole life, called in the forked child with all signals blocked. Async-signal-safe.
[[noreturn]] void live(const Plan& plan) noexcept;

}  // namespace toolkit::guardian
