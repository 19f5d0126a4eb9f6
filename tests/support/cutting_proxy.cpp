#include "cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <new>
#include <stdexcept>
#include <vector>

#include "toolkit/url.hpp"

namespace toolkit::test {

struct CuttingProxy::Shared {
  std::atomic<int> seen{0};
  std::atomic<int> cut_at{0};
  std::atomic<Cut> cut{Cut::never};
  std::atomic<bool> has_cut{false};
};

namespace {

/// Where the server listens.
struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
  int family = 0;
};

Address unix_address(const std::string& path) {
  Address address;
  auto* name = reinterpret_cast<sockaddr_un*>(&address.bytes);
  name->sun_family = AF_UNIX;
  path.copy(name->sun_path, sizeof name->sun_path - 1);
  address.size = sizeof(sockaddr_un);
  address.family = AF_UNIX;
  return address;
}

Address loopback(int port) {
  Address address;
  auto* name = reinterpret_cast<sockaddr_in*>(&address.bytes);
  name->sin_family = AF_INET;
  name->sin_port = htons(static_cast<std::uint16_t>(port));
  name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.size = sizeof(sockaddr_in);
  address.family = AF_INET;
  return address;
}

std::string option(const DatabaseUrl& url, const std::string& name) {
  const auto found = url.options.find(name);
  return found == url.options.end() ? "" : found->second;
}

Address server_address(const DatabaseUrl& url) {
  const bool is_postgresql = url.scheme.starts_with("postgres");
  const int port = url.port != 0 ? url.port : is_postgresql ? 5432 : 3306;
  if (const std::string socket = option(url, "socket"); !socket.empty()) {
    return unix_address(socket);
  }
  const std::string folder = url.host.starts_with('/') ? url.host : option(url, "host");
  return folder.starts_with('/') ? unix_address(folder + "/.s.PGSQL." + std::to_string(port))
                                 : loopback(port);
}

/// One client and its session at the server.
struct Wire {
  int client;
  int server;
  bool cut_behind_next_answer = false;
};

void close_both(const Wire& wire) {
  close(wire.client);
  close(wire.server);
}

bool pass(int from, int to, std::array<char, 65'536>& buffer, ssize_t size) {
  for (ssize_t written = 0; size > 0 && written < size;) {
    const ssize_t n =
        send(to, buffer.data() + written, static_cast<std::size_t>(size - written), MSG_NOSIGNAL);
    if (n <= 0) {
      return false;
    }
    written += n;
  }
  return size > 0 && from >= 0;
}

}  // namespace

namespace {

/// The proxy's process.
template <typename Shared, typename Cut>
class Loop {
 public:
  Loop(int listener, const Address& server, Shared& shared)
      : listener_(listener), server_(server), shared_(shared) {}

  [[noreturn]] void run() {
    for (;;) {
      std::vector<pollfd> sockets = {{listener_, POLLIN, 0}};
      for (const Wire& wire : wires_) {
        sockets.push_back({wire.client, POLLIN, 0});
        sockets.push_back({wire.server, POLLIN, 0});
      }
      poll(sockets.data(), sockets.size(), -1);
      std::vector<Wire> kept;
      for (std::size_t i = 0; i < wires_.size(); ++i) {
        Wire& wire = wires_[i];
        const bool lives = (sockets[1 + 2 * i].revents == 0 || from_client(wire)) &&
                           (sockets[2 + 2 * i].revents == 0 || from_server(wire));
        if (lives) {
          kept.push_back(wire);
        } else {
          close_both(wire);
        }
      }
      wires_ = std::move(kept);
      if (sockets[0].revents != 0) {
        accept_one();
      }
    }
  }

 private:
  void accept_one() {
    const int client = accept(listener_, nullptr, nullptr);
    const int server = socket(server_.family, SOCK_STREAM, 0);
    if (connect(server, reinterpret_cast<const sockaddr*>(&server_.bytes), server_.size) != 0) {
      close_both({client, server});
      return;
    }
    wires_.push_back({client, server});
  }

  bool from_client(Wire& wire) {
    const ssize_t size = recv(wire.client, buffer_.data(), buffer_.size(), 0);
    if (size <= 0) {
      return false;
    }
    const bool here = ++shared_.seen == shared_.cut_at && shared_.cut != Cut::never;
    if (here) {
      shared_.has_cut = true;
      if (shared_.cut == Cut::before_request) {
        return false;
      }
    }
    const bool passed = pass(wire.client, wire.server, buffer_, size);
    if (here && shared_.cut == Cut::before_answer) {
      return false;
    }
    wire.cut_behind_next_answer = here;
    return passed;
  }

  bool from_server(Wire& wire) {
    const ssize_t size = recv(wire.server, buffer_.data(), buffer_.size(), 0);
    return pass(wire.server, wire.client, buffer_, size) && !wire.cut_behind_next_answer;
  }

  int listener_;
  Address server_;
  Shared& shared_;
  std::vector<Wire> wires_;
  std::array<char, 65'536> buffer_{};
};

std::string through(const std::string& url, const DatabaseUrl& parts, int port) {
  const std::string user_at = url.find('@') == std::string::npos
                                  ? (parts.user.empty() ? "" : parts.user + "@")
                                  : url.substr(url.find("://") + 3, url.find('@') - url.find("://") - 2);
  return parts.scheme + "://" + user_at + "127.0.0.1:" + std::to_string(port) + "/" + parts.database;
}

}  // namespace

CuttingProxy::CuttingProxy(const std::string& url) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::runtime_error("no memory to share with the proxy");
  }
  shared_ = new (memory) Shared;
  const DatabaseUrl parts = parse_url(url);
  const Address server = server_address(parts);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Address own = loopback(0);
  if (bind(listener, reinterpret_cast<sockaddr*>(&own.bytes), own.size) != 0 || listen(listener, 16) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  getsockname(listener, reinterpret_cast<sockaddr*>(&own.bytes), &own.size);
  url_ = through(url, parts, ntohs(reinterpret_cast<sockaddr_in*>(&own.bytes)->sin_port));
  process_ = fork();
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Sessions of the parent must end when the parent ends them.
    constexpr int kept = 3;
    dup2(listener, kept);
    close_range(kept + 1, ~0U, 0);
    Loop<Shared, Cut>(kept, server, *shared_).run();
  }
  close(listener);
}

CuttingProxy::~CuttingProxy() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  munmap(shared_, sizeof(Shared));
}

void CuttingProxy::arm(int message, Cut cut) {
  shared_->cut = Cut::never;
  shared_->seen = 0;
  shared_->has_cut = false;
  shared_->cut_at = message;
  shared_->cut = cut;
}

int CuttingProxy::seen() const { return shared_->seen; }
bool CuttingProxy::has_cut() const { return shared_->has_cut; }

}  // namespace toolkit::test
