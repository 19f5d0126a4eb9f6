#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace toolkit {

enum class SandboxTls {
  off,
  offered,   ///< a certificate is there, plain connections work too
  required,  ///< the server refuses plain connections over TCP
};

struct SandboxOptions {
  /// Folder with the server's programs. Empty: PATH, then the places that packages use.
  std::filesystem::path programs;
  /// Added last to the server's command line, and so stronger than the sandbox's own.
  std::vector<std::string> server_arguments;
  /// Where the sandbox's folder is made. Empty: TMPDIR, else /tmp. The next one in this order is taken when
  /// the server's user cannot reach a place or its name is too long for a unix socket.
  std::filesystem::path parent_folder;
  /// Listen on 127.0.0.1 too, on a free port; `url` and `create_database` then give TCP addresses.
  bool tcp = false;
  /// With a certificate made for this server. Needs `tcp`.
  SandboxTls tls = SandboxTls::off;
  /// Of every role that the sandbox's URLs name. Empty: no password is asked on the socket, and with `tcp`
  /// one is made up, since every user of the machine reaches a port.
  std::string password;
  std::chrono::milliseconds start_timeout{60'000};
};

/// A throw-away server that is ours alone, or for SQLite a folder. Made by each dialect's `start_sandbox`.
///
/// Isolation: a unix socket in a folder of mode 0700, TCP only on loopback and only when asked for; never as
/// root (a caller that is root drops to `nobody`, or to TOOLKIT_SANDBOX_USER); no access to files of the
/// machine through SQL. Nothing is durable: a sandbox that stops is lost.
///
/// Lifetime: `stop` or the destructor ends the server and removes the folder. A guardian process does the
/// same when the owner ends in any other way, by kill -9 too. What even the guardian could not remove goes
/// when the next sandbox is made in the same place (see sandbox_folder.hpp).
///
/// One thread uses it. Server functions throw Error(server) with the server's message.
class Sandbox {
 public:
  virtual ~Sandbox() = default;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// The server as its administrator, in a database that is always there. May hold a password.
  virtual const std::string& url() const = 0;

  /// Creates an empty database that belongs to an ordinary role, and returns its URL as that role: no
  /// superuser, no file rights. `name`: 1 to 63 of letters, digits and `_`, else Error(usage). Touches the
  /// server.
  virtual std::string create_database(const std::string& name) = 0;

  /// Creates a database with everything that `from` holds, rows and history too, and returns its URL like
  /// `create_database`; empty where a copy would lose something (MySQL and MariaDB have no way of their own,
  /// see their dialect). Requires: `from` was made by `create_database`; on PostgreSQL nobody is connected to
  /// it. Touches the server.
  virtual std::string copy_database(const std::string& from, const std::string& name) = 0;

  /// Drops it, with the sessions in it. Nothing happens when it is not there. Touches the server.
  virtual void drop_database(const std::string& name) = 0;

  /// Product and version as the program says: "PostgreSQL 15.4", "MariaDB 10.11.6", "SQLite 3.40.1".
  virtual const std::string& server() const = 0;

  /// Of the sandbox: data, sockets and the server's log are below it.
  virtual const std::filesystem::path& folder() const = 0;

  /// PEM file that a client verifies the server with; empty without TLS.
  virtual const std::filesystem::path& certificate_authority() const = 0;

  /// The server's process, 0 for SQLite and after `stop`.
  virtual int server_pid() const = 0;

  /// Ends the server and removes the folder. Bounded; safe to repeat; never throws.
  virtual void stop() noexcept = 0;

 protected:
  Sandbox() = default;
};

}  // namespace toolkit
