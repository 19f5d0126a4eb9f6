#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace toolkit::test {

/// Stands between a client and its server on a free port of the loopback interface, and cuts the wire at a
/// place that the test names by a text that the client sends. One cut a call; connections after it pass
/// whole.
class WireProxy {
 public:
  enum class Cut {
    before,  ///< the text never reaches the server
    after,   ///< the server gets it and answers, and the answer never reaches the client
  };

  /// `address`: `/path/to.sock`, or `host:port`.
  explicit WireProxy(std::string address);
  ~WireProxy();
  WireProxy(const WireProxy&) = delete;
  WireProxy& operator=(const WireProxy&) = delete;

  int port() const { return port_; }
  void cut(Cut when, const std::string& text);
  int cuts() const { return cuts_; }

 private:
  void accept_all();
  void serve(int client);
  bool is_to_cut(const std::string& sent, Cut& when);

  std::string address_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<int> cuts_ = 0;
  std::mutex mutex_;
  std::string text_;
  Cut when_ = Cut::before;
  std::thread acceptor_;
  std::vector<std::thread> servers_;
};

/// The place of a postgresql:// URL's server, and the same URL by way of a proxy, without TLS.
std::string postgresql_address(const std::string& url);
std::string through(const WireProxy& proxy, const std::string& url);

}  // namespace toolkit::test
