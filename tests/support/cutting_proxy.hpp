#pragma once

#include <string>

namespace toolkit::test {

/// A wire that breaks: stands between a client and a server, counts what passes, and cuts. It runs in a
/// process of its own, which ends with the guard.
class CuttingProxy {
 public:
  /// Where a wire is cut, at the n-th message from the client (1 is the first one; what one read brings
  /// counts as one message).
  enum class Cut {
    never,
    before_request,  ///< the message does not reach the server
    before_answer,   ///< it does, and nothing that the server says of it comes back
    behind_answer,   ///< the first thing that the server says of it still comes back
  };

  /// `url` of a server over TCP or a unix socket.
  explicit CuttingProxy(const std::string& url);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  /// The same database by way of this wire.
  const std::string& url() const { return url_; }

  /// Counts anew, and cuts once at this message. Sessions after the cut are let through.
  void arm(int message, Cut cut);

  /// Messages from clients since `arm`.
  int seen() const;
  bool has_cut() const;

 private:
  struct Shared;  ///< with the proxy's process

  Shared* shared_;
  std::string url_;
  int process_ = 0;
};

}  // namespace toolkit::test
