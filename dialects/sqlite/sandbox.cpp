#include "sandbox.hpp"

#include <sqlite3.h>

#include "toolkit/sandbox_server.hpp"

namespace toolkit::sqlite {

namespace {

namespace fs = std::filesystem;

class SqliteSandbox final : public Sandbox {
 public:
  explicit SqliteSandbox(const SandboxOptions& options)
      : folder_(options.parent_folder, std::nullopt),
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

  void drop_database(const std::string& name) override {
    check_database_name(name);
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::error_code ignored;
      fs::remove(folder_.run() / (name + ".db" + suffix), ignored);
    }
  }

  void stop() noexcept override { folder_.remove(); }

 private:
  std::string url_of(const std::string& name) const {
    return "sqlite:" + (folder_.run() / (name + ".db")).string();
  }

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
