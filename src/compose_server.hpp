#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "server_image.hpp"
#include "toolkit/process.hpp"
#include "toolkit/sandbox_folder.hpp"
#include "toolkit/url.hpp"

/// A throw-away server in a container, where this machine has no programs of one.
namespace toolkit {

/// Whether `docker compose` is there and its engine answers. Asked once per process, for five seconds at
/// most.
bool has_compose();

/// One container, run in the foreground by a guarded `docker compose up`: it goes with this object, and with
/// this process however that ends. Listens on a free port of 127.0.0.1; its data is in memory.
class ComposeServer {
 public:
  /// Returns once the server serves; the first time an image is fetched, which may take minutes. Throws
  /// Error(server) with the last lines of compose's own words, Error(interrupted).
  ComposeServer(const ServerImage& image, const std::stop_token& stop);
  ~ComposeServer();
  ComposeServer(const ComposeServer&) = delete;
  ComposeServer& operator=(const ComposeServer&) = delete;

  /// As administrator.
  const DatabaseUrl& url() const { return url_; }

 private:
  std::string compose(std::vector<std::string> arguments, bool must_succeed);
  std::string wait_for_port(const std::stop_token& stop);

  const ServerImage& image_;
  SandboxFolder folder_;
  std::string project_;
  std::string password_;  ///< everybody on this machine reaches the port
  std::string file_;
  std::unique_ptr<GuardedProcess> server_;
  DatabaseUrl url_;
};

/// Pure. The file that runs the image.
std::string compose_text(const ServerImage& image, const std::string& password);

}  // namespace toolkit
