#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "toolkit/process.hpp"

namespace toolkit {

/// The user that servers run as: nothing when the caller is not root (then it is the caller), else
/// TOOLKIT_SANDBOX_USER, else `nobody`. Throws Error(configuration) when there is no such user, or it is
/// root.
std::optional<SystemUser> sandbox_user();

/// The folder of one sandbox, `toolkit-<pid>-<start time>-<random>`, named after the process that owns it.
///
///     lock     held (flock) by the owner and its guardian as long as one of them lives
///     server   pid and start time of the server
///     run/     mode 0700, of the server's user: data, sockets, log
///
/// The outer folder belongs to the caller, so that a server cannot forge `server` to have another process
/// killed. Making one first sweeps what dead owners left in the same place: a folder of the same user whose
/// process (pid and start time) is gone and whose lock is free; its server, when it still runs, is killed.
///
/// Not copyable; the destructor removes the folder.
class SandboxFolder {
 public:
  /// Throws Error(server) when no place can be used; says which were tried.
  SandboxFolder(const std::filesystem::path& parent, const std::optional<SystemUser>& user);
  ~SandboxFolder() { remove(); }
  SandboxFolder(const SandboxFolder&) = delete;
  SandboxFolder& operator=(const SandboxFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& run() const { return run_; }
  const std::optional<SystemUser>& user() const { return user_; }
  int lock() const { return lock_; }

  /// Makes a folder in `run`, of mode 0700, for the server's user.
  std::filesystem::path make(const std::string& name) const;

  /// Writes a file in `run` that only the server's user may read.
  std::filesystem::path write(const std::string& name, const std::string& text) const;

  /// For the sweep, when guardian and owner are both killed.
  void record_server(const ProcessIdentity& server) const;

  /// Safe to repeat; never throws. Requires: the server is gone.
  void remove() noexcept;

 private:
  std::filesystem::path path_;
  std::filesystem::path run_;
  std::optional<SystemUser> user_;
  int lock_ = -1;
};

/// Removes what dead owners left in a folder, see above, and only that. Returns how many sandboxes went.
int sweep_sandboxes(const std::filesystem::path& parent);

/// Gives a file or folder to the server's user; nothing to do without one. Throws Error(server).
void give_to(const std::optional<SystemUser>& user, const std::filesystem::path& path);

}  // namespace toolkit
