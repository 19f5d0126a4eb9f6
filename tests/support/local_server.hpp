#pragma once

#include <string>
#include <vector>

namespace toolkit::test {

/// A server on this machine that a test kills with -9 and starts again by the command line that it was
/// started with. It must be the test's own, or handed over for that.
class LocalServer {
 public:
  enum class Lifetime { ends_with_this_program, goes_on };

  /// `url` as administrator. Reads the process from the server and from /proc. `lifetime` is that of the one
  /// that `start` starts. Throws std::runtime_error when it cannot be found or belongs to another user.
  LocalServer(std::string url, Lifetime lifetime);

  /// Kills it and its children at once, as a machine's end would. Returns when they are gone.
  void kill_now();

  /// Starts it again and returns when it answers. Throws std::runtime_error after 60 s.
  void start();

 private:
  void exec() const;

  std::string url_;
  Lifetime lifetime_;
  int pid_ = 0;
  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  std::string program_;
  std::string folder_;
  std::string output_;  ///< where the first one wrote; the next ones go on there
  unsigned uid_ = 0;
  unsigned gid_ = 0;
};

}  // namespace toolkit::test
