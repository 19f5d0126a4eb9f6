#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/error.hpp"
#include "toolkit/process.hpp"
#include "toolkit/sandbox.hpp"
#include "toolkit/sandbox_folder.hpp"

namespace toolkit {

// What the sandboxes of all dialects have in common.

/// Folders that may hold a server's programs: the one of the options alone, else those of PATH followed by
/// `usual`. An entry of `usual` may hold one `*` for a version: newest first. Reads the file system.
std::vector<std::filesystem::path> program_folders(const SandboxOptions& options,
                                                   const std::vector<std::string>& usual);

/// The paths as a list in an error's sentence.
std::string join_paths(const std::vector<std::filesystem::path>& paths);

/// Throws Error(usage) for a name outside Sandbox::create_database's rule.
void check_database_name(const std::string& name);

/// Throws Error(usage) for options that contradict each other; fills in a password where `tcp` needs one.
SandboxOptions checked(SandboxOptions options);

/// Pure. For values in a URL's query and user information.
std::string percent_encode(std::string_view text);

/// A port on 127.0.0.1 that was free a moment ago.
int free_loopback_port();

/// A child of a sandbox: clean environment, in `run`, as the server's user, output appended to run/log.
ProcessOptions sandbox_process(const SandboxFolder& folder, std::vector<std::string> arguments);

/// Runs `PROGRAM ARGUMENT` as the server's user and returns what it printed. Throws Error(server).
std::string program_output(const SandboxFolder& folder, const std::filesystem::path& program,
                           const std::string& argument);

/// Fills `target` (absent before) with a new server's data: copied from the cache, or made by `make` and then
/// put there. `key` holds everything that the data depends on. The cache is XDG_CACHE_HOME (~/.cache) or,
/// where that cannot be used, a folder of the user's own in /tmp. Any number of processes may do this at
/// once.
void provide_data(const SandboxFolder& folder, const std::string& key, const std::filesystem::path& target,
                  const std::function<void()>& make);

/// Certificates of one sandbox, PEM, in run/: an authority of its own and a server certificate for
/// `localhost` and 127.0.0.1 signed by it, valid for some days. The authority's key is not kept.
struct SandboxCertificates {
  std::filesystem::path authority;
  std::filesystem::path certificate;
  std::filesystem::path key;
};
SandboxCertificates make_certificates(const SandboxFolder& folder);

/// A running server of a sandbox: starts it guarded, waits until it is ready, ends it.
class SandboxServer {
 public:
  /// `ready` is asked every few milliseconds and may throw to give up. Throws Error(server) when the server
  /// ends before it is ready, with the end of its log as detail; Error(timeout) after the limit.
  SandboxServer(const SandboxFolder& folder, const ProcessOptions& process, std::chrono::milliseconds limit,
                const std::string& name, const std::function<bool()>& ready);

  int pid() const { return process_.identity().pid; }
  void stop() noexcept { process_.stop(); }

 private:
  GuardedProcess process_;
};

/// Starts a server on a free loopback port (or without one) by `start(port)`. A port can be taken between the
/// look and the start: then another one is tried, a few times.
std::unique_ptr<SandboxServer> start_on_free_port(
    bool tcp, const SandboxFolder& folder,
    const std::function<std::unique_ptr<SandboxServer>(int port)>& start);

/// An error with what run/log says: in the message the line that names the cause (the last one marked as an
/// error, else the last one), as detail the end of the log.
Error error_with_log(ErrorKind kind, const std::string& message, const SandboxFolder& folder);

/// Runs what fills a data folder. Throws Error(server) with the log when it fails, Error(timeout) after the
/// limit.
void run_init(const SandboxFolder& folder, const std::vector<std::string>& arguments,
              std::chrono::milliseconds limit, const std::string& name);

}  // namespace toolkit
