#include "wire_proxy.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "toolkit/url.hpp"

namespace toolkit::test {

namespace {

constexpr int tick_ms = 50;

int connect_unix(const std::string& path) {
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  path.copy(place.sun_path, sizeof place.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    ::close(socket);
    return -1;
  }
  return socket;
}

int connect_to(const std::string& address) {
  if (address.front() == '/') {
    return connect_unix(address);
  }
  const std::size_t colon = address.rfind(':');
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), &hints, &found) !=
      0) {
    return -1;
  }
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = ::connect(socket, found->ai_addr, found->ai_addrlen) == 0;
  ::freeaddrinfo(found);
  if (!connected) {
    ::close(socket);
  }
  return connected ? socket : -1;
}

bool pass(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(to, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

WireProxy::WireProxy(std::string address) : address_(std::move(address)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&place), size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(place.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

WireProxy::~WireProxy() {
  stop_ = true;
  acceptor_.join();
  for (std::thread& server : servers_) {
    server.join();
  }
  ::close(listener_);
}

void WireProxy::cut(Cut when, const std::string& text) {
  const std::lock_guard guard(mutex_);
  when_ = when;
  text_ = text;
}

bool WireProxy::is_to_cut(const std::string& sent, Cut& when) {
  const std::lock_guard guard(mutex_);
  if (text_.empty() || sent.find(text_) == std::string::npos) {
    return false;
  }
  when = when_;
  text_.clear();
  ++cuts_;
  return true;
}

void WireProxy::accept_all() {
  while (!stop_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, tick_ms) == 1) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client >= 0) {
        servers_.emplace_back([this, client] { serve(client); });
      }
    }
  }
}

void WireProxy::serve(int client) {
  const int server = connect_to(address_);
  std::array<char, 65536> bytes{};
  std::string sent;  // what the client has sent; a text may come in two parts
  bool going_on = server >= 0;
  bool swallows = false;  // answers no longer reach the client; the wire is cut when the server falls silent
  bool answered = false;
  while (going_on && !stop_) {
    std::array<pollfd, 2> sides = {pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    const int ready = ::poll(sides.data(), sides.size(), tick_ms);
    if (ready == 0 && swallows && answered) {
      break;
    }
    if (sides[0].revents != 0) {
      const ssize_t got = ::recv(client, bytes.data(), bytes.size(), 0);
      sent.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      Cut when{};
      const bool cut = got > 0 && is_to_cut(sent, when);
      going_on = got > 0 && (!cut || when == Cut::after) &&
                 pass(server, bytes.data(), static_cast<std::size_t>(got));
      swallows = swallows || cut;
      sent.erase(0, sent.size() - std::min<std::size_t>(sent.size(), 1024));
    }
    if (going_on && sides[1].revents != 0) {
      const ssize_t got = ::recv(server, bytes.data(), bytes.size(), 0);
      answered = answered || (swallows && got > 0);
      going_on = got > 0 && (swallows || pass(client, bytes.data(), static_cast<std::size_t>(got)));
    }
  }
  ::close(client);
  if (server >= 0) {
    ::close(server);
  }
}

std::string postgresql_address(const std::string& url) {
  const DatabaseUrl parsed = parse_url(url);
  const auto option = parsed.options.find("host");
  const std::string host = option != parsed.options.end() ? option->second : parsed.host;
  const auto port_option = parsed.options.find("port");
  const std::string port = parsed.port != 0                      ? std::to_string(parsed.port)
                           : port_option != parsed.options.end() ? port_option->second
                                                                 : "5432";
  return host.starts_with('/') ? host + "/.s.PGSQL." + port : host + ":" + port;
}

std::string through(const WireProxy& proxy, const std::string& url) {
  const DatabaseUrl parsed = parse_url(url);
  return parsed.scheme + "://" + parsed.user + (parsed.has_password ? ":" + parsed.password : "") +
         "@127.0.0.1:" + std::to_string(proxy.port()) + "/" + parsed.database + "?sslmode=disable";
}

}  // namespace toolkit::test
