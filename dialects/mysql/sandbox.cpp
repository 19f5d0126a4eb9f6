#include "sandbox.hpp"

#include <mysql.h>
#include <unistd.h>

#include <array>

#include "sandbox_copy.hpp"
#include "sandbox_programs.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

namespace fs = std::filesystem;
using Session = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

constexpr const char* administrator = "admin";
constexpr const char* owner = "toolkit";

/// Pure. A literal in any sql_mode but NO_BACKSLASH_ESCAPES, which a new server does not have.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char character : text) {
    if (character == '\'' || character == '\\') {
      result += '\\';
    }
    result += character;
  }
  return result + '\'';
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

class MysqlSandbox final : public Sandbox {
 public:
  MysqlSandbox(std::string_view flavour, const SandboxOptions& options)
      : options_(checked(options)),
        folder_(options_.parent_folder, sandbox_user()),
        program_(find_server(flavour, options_, folder_)),
        scheme_(flavour),
        server_(program_.product + ' ' + program_.version) {
    for (const char* name : {"tmp", "files"}) {
      folder_.make(name);
    }
    make_data();
    folder_.write("init.sql", accounts());
    if (options_.tls != SandboxTls::off) {
      certificates_ = make_certificates(folder_);
    }
    process_ = start_on_free_port(options_.tcp, folder_, [this](int port) { return start(port); });
    url_ = url_of(administrator, "mysql");
  }
  ~MysqlSandbox() override { stop(); }

  const std::string& url() const override { return url_; }
  const std::string& server() const override { return server_; }
  const fs::path& folder() const override { return folder_.path(); }
  const fs::path& certificate_authority() const override { return certificates_.authority; }
  int server_pid() const override { return process_ ? process_->pid() : 0; }

  std::string create_database(const std::string& name) override {
    check_database_name(name);
    std::string pattern;  // in a GRANT, `_` stands for any character
    for (const char character : name) {
      pattern += character == '_' ? "\\_" : std::string(1, character);
    }
    run({"CREATE DATABASE `" + name + '`',
         "GRANT ALL PRIVILEGES ON `" + pattern + "`.* TO " + account(owner)});
    return url_of(owner, name);
  }

  /// The server has no statement for it; see copy_into. Empty for what that way would lose or bend.
  std::string copy_database(const std::string& from, const std::string& name) override {
    check_database_name(from);
    std::string url = create_database(name);
    try {
      if (copy_into(connect().get(), from, name)) {
        return url;
      }
    } catch (const Error&) {
      drop_database(name);
      throw;
    }
    drop_database(name);
    return {};
  }

  // A session in it may hold an open transaction, and DROP would wait for that for a year.
  void drop_database(const std::string& name) override {
    check_database_name(name);
    end_sessions_in(name);
    run({"SET lock_wait_timeout = 10", "DROP DATABASE IF EXISTS `" + name + '`'});
  }

  void stop() noexcept override {
    process_.reset();
    folder_.remove();
  }

 private:
  bool is_mariadb() const { return program_.product == "MariaDB"; }
  fs::path data() const { return folder_.run() / "data"; }
  std::string socket() const { return (folder_.run() / "mysql.sock").string(); }
  static std::string account(const std::string& user) { return quoted(user) + "@'%'"; }

  /// What the data folder depends on, too: the sizes of logs are set when it is made.
  std::vector<std::string> common_arguments() const {
    std::vector<std::string> arguments = {"--no-defaults", "--basedir=" + program_.base.string(),
                                          "--datadir=" + data().string(), "--innodb-buffer-pool-size=64M"};
    if (is_mariadb()) {
      arguments.emplace_back("--innodb-log-file-size=8M");
    } else {
      arguments.insert(arguments.end(), {"--loose-innodb-redo-log-capacity=16M", "--loose-mysqlx=OFF"});
    }
    return arguments;
  }

  std::vector<std::string> init_arguments() const {
    std::vector<std::string> arguments = common_arguments();
    if (is_mariadb()) {
      arguments.insert(arguments.begin(), find_install_script(program_).string());
      arguments.insert(arguments.end(), {"--auth-root-authentication-method=normal", "--skip-test-db"});
    } else {
      arguments.insert(arguments.begin(), program_.path.string());
      arguments.insert(arguments.end(), {"--initialize-insecure", "--skip-log-bin"});
    }
    arguments.insert(arguments.end(), options_.server_arguments.begin(), options_.server_arguments.end());
    return arguments;
  }

  void make_data() {
    std::string key = "mysql 1\n" + fs::canonical(program_.path).string() + '\n' + program_.full_version;
    for (const std::string& argument : options_.server_arguments) {
      key += '\n' + argument;
    }
    provide_data(folder_, key, data(), [this] {
      folder_.make("data");
      run_init(folder_, init_arguments(), options_.start_timeout, server_);
      fs::remove(data() / "auto.cnf");  // the server's identity, not to be copied
    });
  }

  /// Runs before the first connection is accepted: nobody meets the accounts without password that a new data
  /// folder brings. One statement a line, as --init-file wants it.
  std::string accounts() const {
    const std::string password = " IDENTIFIED BY " + quoted(options_.password) + ";\n";
    std::string sql;
    for (const std::string& host : {std::string("127.0.0.1"), std::string("::1"), host_name()}) {
      if (host != "localhost") {
        sql += "DROP USER IF EXISTS 'root'@" + quoted(host) + ", ''@" + quoted(host) + ";\n";
      }
    }
    sql += "DROP USER IF EXISTS ''@'localhost';\n";
    sql += "ALTER USER 'root'@'localhost'" + password;
    sql += "CREATE USER " + account(administrator) + password;
    sql += "GRANT ALL PRIVILEGES ON *.* TO " + account(administrator) + " WITH GRANT OPTION;\n";
    sql += "CREATE USER " + account(owner) + password;
    return sql;
  }

  std::vector<std::string> server_arguments() const {
    std::vector<std::string> arguments = common_arguments();
    arguments.insert(arguments.begin(), program_.path.string());
    const std::string run = folder_.run().string();
    arguments.insert(arguments.end(), {
                                          "--socket=" + socket(),
                                          "--pid-file=" + run + "/pid",
                                          "--tmpdir=" + run + "/tmp",
                                          "--secure-file-priv=" + run + "/files",
                                          "--init-file=" + run + "/init.sql",
                                          "--local-infile=0",
                                          "--skip-log-bin",
                                          "--skip-name-resolve",
                                          "--default-time-zone=+00:00",
                                          "--character-set-server=utf8mb4",
                                          "--innodb-flush-method=nosync",
                                          "--innodb-flush-log-at-trx-commit=0",
                                          "--innodb-doublewrite=OFF",
                                          "--innodb-buffer-pool-load-at-startup=OFF",
                                          "--innodb-buffer-pool-dump-at-shutdown=OFF",
                                          "--loose-log-bin-trust-function-creators=ON",
                                      });
    if (options_.tcp) {
      arguments.insert(arguments.end(), {"--bind-address=127.0.0.1", "--port=" + std::to_string(port_)});
    } else {
      arguments.emplace_back("--skip-networking");
    }
    if (options_.tls != SandboxTls::off) {
      arguments.insert(arguments.end(), {"--ssl-ca=" + certificates_.authority.string(),
                                         "--ssl-cert=" + certificates_.certificate.string(),
                                         "--ssl-key=" + certificates_.key.string()});
    }
    if (options_.tls == SandboxTls::required) {
      arguments.emplace_back("--require-secure-transport=ON");
    }
    arguments.insert(arguments.end(), options_.server_arguments.begin(), options_.server_arguments.end());
    return arguments;
  }

  std::unique_ptr<SandboxServer> start(int port) {
    port_ = port;
    // stop_signal stays SIGKILL: nothing is worth an orderly shutdown, which takes a second.
    return std::make_unique<SandboxServer>(folder_, sandbox_process(folder_, server_arguments()),
                                           options_.start_timeout, server_, [this] { return is_ready(); });
  }

  bool is_ready() const { return access(socket().c_str(), F_OK) == 0 && mysql_errno(connect().get()) == 0; }

  Session connect() const {
    Session session(mysql_init(nullptr), mysql_close);
    const unsigned seconds = 10;
    mysql_options(session.get(), MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    mysql_options(session.get(), MYSQL_OPT_READ_TIMEOUT, &seconds);
    mysql_real_connect(session.get(), nullptr, administrator, options_.password.c_str(), nullptr, 0,
                       socket().c_str(), 0);
    return session;
  }

  void run(const std::vector<std::string>& statements) const {
    const Session session = connect();
    for (const std::string& sql : statements) {
      if (mysql_errno(session.get()) != 0 || mysql_query(session.get(), sql.c_str()) != 0) {
        throw Error(ErrorKind::server, server_ + ": " + mysql_error(session.get()));
      }
    }
  }

  void end_sessions_in(const std::string& database) const {
    const Session session = connect();
    const std::string sql = "SELECT id FROM information_schema.processlist WHERE db = " + quoted(database);
    if (mysql_query(session.get(), sql.c_str()) != 0) {
      throw Error(ErrorKind::server, server_ + ": " + mysql_error(session.get()));
    }
    std::vector<std::string> kills;
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> rows(mysql_store_result(session.get()),
                                                                        mysql_free_result);
    while (const MYSQL_ROW row = mysql_fetch_row(rows.get())) {
      kills.push_back("KILL " + std::string(row[0]));
    }
    for (const std::string& kill : kills) {
      mysql_query(session.get(), kill.c_str());  // one that has ended by itself is an error to ignore
    }
  }

  std::string url_of(const std::string& user, const std::string& database) const {
    std::string start = scheme_ + "://" + user;
    if (!options_.password.empty()) {
      start += ':' + percent_encode(options_.password);
    }
    if (!options_.tcp) {
      return start + "@localhost/" + database + "?socket=" + percent_encode(socket());
    }
    const std::string tls = options_.tls == SandboxTls::required ? "?ssl-mode=REQUIRED" : "";
    return start + "@127.0.0.1:" + std::to_string(port_) + '/' + database + tls;
  }

  SandboxOptions options_;
  SandboxFolder folder_;
  ServerProgram program_;
  SandboxCertificates certificates_;
  std::string scheme_;
  std::string server_;
  std::string url_;
  int port_ = 0;
  std::unique_ptr<SandboxServer> process_;
};

}  // namespace

std::unique_ptr<Sandbox> start_sandbox(std::string_view flavour, const SandboxOptions& options) {
  return std::make_unique<MysqlSandbox>(flavour, options);
}

bool has_server(std::string_view flavour, const SandboxOptions& options) noexcept {
  try {
    const SandboxFolder folder(options.parent_folder, sandbox_user());
    find_server(flavour, options, folder);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace toolkit::mysql
