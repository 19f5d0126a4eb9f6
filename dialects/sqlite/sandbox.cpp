#include "sandbox.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>

#include "toolkit/error.hpp"
#include "toolkit/sandbox_server.hpp"

namespace toolkit::sqlite {

namespace {

namespace fs = std::filesystem;

/// An open file of ours, for a moment.
class Handle {
 public:
  Handle(const fs::path& path, int flags) {
    const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
    if (code != SQLITE_OK) {
      sqlite3_close(handle_);
      throw Error(ErrorKind::server, path.string() + ": " + sqlite3_errstr(code));
    }
  }
  ~Handle() { sqlite3_close(handle_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  sqlite3* get() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

// Sessions of ours insist on synced commits, which nobody needs here and memory gives for nothing. A folder
// that people name is theirs to choose.
fs::path parent_of(const SandboxOptions& options) {
  const char* const named = std::getenv("TMPDIR");
  const bool is_free = options.parent_folder.empty() && (named == nullptr || *named == '\0');
  return is_free && ::access("/dev/shm", W_OK | X_OK) == 0 ? fs::path("/dev/shm") : options.parent_folder;
}

class SqliteSandbox final : public Sandbox {
 public:
  explicit SqliteSandbox(const SandboxOptions& options)
      : folder_(parent_of(options), std::nullopt),
        server_(std::string("SQLite ") + sqlite3_libversion()),
        url_(url_of("main")) {}
  ~SqliteSandbox() override { stop(); }

  const std::string& url() const override { return url_; }
  const std::string& server() const override { return server_; }
  const fs::path& folder() const override { return folder_.path(); }
  const fs::path& certificate_authority() const override { return no_authority_; }
  int server_pid() const override { return 0; }

  std::string create_database(const std::string& name) override {
    check_database_name(name);
    return url_of(name);
  }

  std::string copy_database(const std::string& from, const std::string& name) override {
    check_database_name(from);
    check_database_name(name);
    if (!fs::exists(path_of(from))) {
      return url_of(name);  // nothing was written to it yet
    }
    const Handle source(path_of(from), SQLITE_OPEN_READONLY);
    const Handle copy(path_of(name), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    // The library's own way reads a consistent state in every journal mode (sqlite.org/backup.html).
    sqlite3_backup* backup = sqlite3_backup_init(copy.get(), "main", source.get(), "main");
    const int code = backup == nullptr ? sqlite3_errcode(copy.get()) : sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE) {
      throw Error(ErrorKind::server,
                  "the database " + from + " cannot be copied: " + std::string(sqlite3_errstr(code)));
    }
    return url_of(name);
  }

  void drop_database(const std::string& name) override {
    check_database_name(name);
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::error_code ignored;
      fs::remove(folder_.run() / (name + ".db" + suffix), ignored);
    }
  }

  void stop() noexcept override { folder_.remove(); }

 private:
  fs::path path_of(const std::string& name) const { return folder_.run() / (name + ".db"); }
  std::string url_of(const std::string& name) const { return "sqlite:" + path_of(name).string(); }

  SandboxFolder folder_;
  std::string server_;
  std::string url_;
  fs::path no_authority_;
};

}  // namespace

std::unique_ptr<Sandbox> start_sandbox(const SandboxOptions& options) {
  return std::make_unique<SqliteSandbox>(options);
}

}  // namespace toolkit::sqlite
