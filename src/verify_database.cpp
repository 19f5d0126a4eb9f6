#include "verify_database.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "migrator_parts.hpp"

namespace toolkit {

VerifyServer::VerifyServer(const Dialect& dialect, const VerifyTarget& target, const std::stop_token& stop,
                           const std::filesystem::path& parent, bool is_kept)
    : dialect_(dialect), server_(target.server), prefix_("toolkit_v_" + new_run_id().substr(0, 10) + "_") {
  if (server_) {
    mark_ = std::make_unique<RunMark>(dialect, *server_, !is_kept);
    prefix_ = mark_->prefix();
    notes_ = mark_->sweep();
    return;
  }
  SandboxOptions sandbox;
  sandbox.programs = target.programs;
  sandbox.parent_folder = parent;
  const ServerImage* const image = image_for(target.flavour);
  const bool is_container =
      image != nullptr &&
      (target.programs == "compose" ||
       (target.programs.empty() && !dialect.has_sandbox(target.flavour, sandbox) && has_compose()));
  if (!is_container) {
    sandbox_ = dialect.start_sandbox(target.flavour, sandbox);
    return;
  }
  if (!has_compose()) {
    throw Error(ErrorKind::server, "docker compose is not here, or its engine does not answer",
                "try: docker compose ls");
  }
  container_ = std::make_unique<ComposeServer>(*image, stop);
  server_ = container_->url();
}

VerifyServer::~VerifyServer() {
  if (kept_) {
    static_cast<void>(sandbox_.release());
    static_cast<void>(container_.release());
    return;
  }
  // What a sandbox holds goes with it.
  while (sandbox_ == nullptr && !made_.empty()) {
    drop_database(DatabaseUrl(made_.back().url));
  }
}

bool VerifyServer::keep() {
  kept_ = true;
  return container_ != nullptr || sandbox_ != nullptr;
}

// The guardian of a server ends it when the last holder of its control pipe is gone: the child inherits those
// of all servers, and makes only calls that are safe after a fork in a program with threads.
int hold_kept_servers() {
  const pid_t holder = ::fork();
  if (holder == 0) {
    ::setsid();
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      ::signal(number, SIG_DFL);  // the command's own handlers would swallow them
    }
    for (const int standard : {0, 1, 2}) {
      ::close(standard);
    }
    for (;;) {
      ::pause();
    }
  }
  return holder;
}

DatabaseUrl VerifyServer::create_database() {
  const std::string name = prefix_ + std::to_string(++count_);
  if (sandbox_ != nullptr) {
    made_.push_back({name, parse_url(sandbox_->create_database(name))});
    return made_.back().url;
  }
  if (mark_ != nullptr) {
    mark_->renew();
  }
  DatabaseUrl url = *server_;
  url.database = name;
  if (!dialect_.create_database(url, {})) {
    throw Error(ErrorKind::server, "a database " + name + " is there already, and it is not ours");
  }
  made_.push_back({name, url});
  return url;
}

std::optional<DatabaseUrl> VerifyServer::copy_database(const DatabaseUrl& database) {
  const auto from = std::find_if(made_.begin(), made_.end(),
                                 [&](const Made& each) { return each.url.database == database.database; });
  if (sandbox_ == nullptr || from == made_.end()) {
    return std::nullopt;
  }
  const std::string name = prefix_ + std::to_string(++count_);
  const std::string copy = sandbox_->copy_database(from->name, name);
  if (copy.empty()) {
    return std::nullopt;
  }
  made_.push_back({name, parse_url(copy)});
  return made_.back().url;
}

DatabaseUrl VerifyServer::as_administrator(const DatabaseUrl& database) const {
  DatabaseUrl url = sandbox_ == nullptr ? *server_ : parse_url(sandbox_->url());
  url.database = database.database;
  return url;
}

void VerifyServer::drop_database(const DatabaseUrl& database) noexcept {
  const auto one = std::find_if(made_.begin(), made_.end(),
                                [&](const Made& each) { return each.url.database == database.database; });
  if (one == made_.end()) {
    return;
  }
  const std::string name = one->name;
  made_.erase(one);
  try {
    if (sandbox_ == nullptr) {
      if (mark_ != nullptr) {
        mark_->end_sessions(name);
      }
      dialect_.drop_database(database, {});
    } else {
      sandbox_->drop_database(name);
    }
  } catch (const Error&) {  // the report is what counts; the name says whose database it was
  }
}

}  // namespace toolkit
