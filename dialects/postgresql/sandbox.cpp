#include "sandbox.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "toolkit/error.hpp"
#include "toolkit/sandbox_server.hpp"

namespace toolkit::postgresql {

namespace {

namespace fs = std::filesystem;
using Session = std::unique_ptr<PGconn, decltype(&PQfinish)>;

constexpr int socket_number = 5432;  // of the socket's name, when the server has no port
constexpr std::string_view owner_role = "toolkit";

fs::path find_programs(const SandboxOptions& options) {
  const auto folders = program_folders(options, {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
                                                 "/usr/local/pgsql/bin", "/usr/libexec/postgresql"});
  for (const fs::path& folder : folders) {
    if (access((folder / "postgres").c_str(), X_OK) == 0 && access((folder / "initdb").c_str(), X_OK) == 0) {
      return folder;
    }
  }
  throw Error(
      ErrorKind::server,
      "no PostgreSQL server to start: looked for the programs postgres and initdb in " + join_paths(folders),
      "install a PostgreSQL server, or name the folder of its programs");
}

/// "postgres (PostgreSQL) 15.4 (Debian 15.4-1)" -> "15.4"
std::string version_of(const std::string& text) {
  const auto start = text.find_first_of("0123456789");
  return start == std::string::npos ? text : text.substr(start, text.find(' ', start) - start);
}

/// Pure. Right with standard_conforming_strings, which a new server has.
std::string quoted_literal(const std::string& text) {
  std::string result = "'";
  for (const char character : text) {
    result += character == '\'' ? "''" : std::string(1, character);
  }
  return result + '\'';
}

class PostgresqlSandbox final : public Sandbox {
 public:
  explicit PostgresqlSandbox(const SandboxOptions& options)
      : options_(checked(options)),
        programs_(find_programs(options_)),
        folder_(options_.parent_folder, sandbox_user()) {
    const std::string version = program_output(folder_, programs_ / "postgres", "--version");
    server_ = "PostgreSQL " + version_of(version);
    make_data(version);
    write_access_rules();
    if (options_.tls != SandboxTls::off) {
      certificates_ = make_certificates(folder_);
    }
    process_ = start_on_free_port(options_.tcp, folder_, [this](int port) { return start(port); });
    url_ = url_of("postgres", "postgres");
    create_owner();
  }
  ~PostgresqlSandbox() override { stop(); }

  const std::string& url() const override { return url_; }
  const std::string& server() const override { return server_; }
  const fs::path& folder() const override { return folder_.path(); }
  const fs::path& certificate_authority() const override { return certificates_.authority; }
  int server_pid() const override { return process_ ? process_->pid() : 0; }

  std::string create_database(const std::string& name) override {
    check_database_name(name);
    run({"CREATE DATABASE \"" + name + "\" OWNER " + std::string(owner_role)});
    return url_of(owner_role, name);
  }

  std::string copy_database(const std::string& from, const std::string& name) override {
    check_database_name(from);
    check_database_name(name);
    // Its way from 15 on, block by block through the log, takes three times as long as the files do (measured
    // on 15.20 without fsync: 17 ms and 6 ms); before 15 there is no other than the files.
    const std::string strategy = std::stoi(version_of(server_)) >= 15 ? " STRATEGY FILE_COPY" : "";
    run({"CREATE DATABASE \"" + name + "\" TEMPLATE \"" + from + "\" OWNER " + std::string(owner_role) +
         strategy});
    return url_of(owner_role, name);
  }

  void drop_database(const std::string& name) override {
    check_database_name(name);
    // WITH (FORCE) came with 13.
    run({"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'",
         "DROP DATABASE IF EXISTS \"" + name + "\""});
  }

  void stop() noexcept override {
    process_.reset();
    folder_.remove();
  }

 private:
  fs::path data() const { return folder_.run() / "data"; }

  void make_data(const std::string& version) {
    std::vector<std::string> arguments = {(programs_ / "initdb").string(),
                                          "-D",
                                          data().string(),
                                          "-U",
                                          "postgres",
                                          "--auth=trust",
                                          "--encoding=UTF8",
                                          "--locale=C.UTF-8",
                                          "--no-sync"};
    if (std::stoi(version_of(version)) >= 11) {
      arguments.emplace_back("--wal-segsize=1");  // MB: less to copy than the usual 16
    }
    const std::string key =
        "postgresql 1\n" + fs::canonical(programs_ / "postgres").string() + '\n' + version;
    provide_data(folder_, key, data(),
                 [&] { run_init(folder_, arguments, options_.start_timeout, server_); });
  }

  /// The administrator gets in without a password only over the socket, which only we reach.
  void write_access_rules() const {
    const std::string tcp = options_.tls == SandboxTls::required ? "hostssl" : "host";
    std::string rules = "local all postgres trust\nlocal all all ";
    rules += options_.password.empty() ? "trust\n" : "scram-sha-256\n";
    if (options_.tcp) {
      rules += tcp + " all all 127.0.0.1/32 scram-sha-256\n";
    }
    folder_.write("data/pg_hba.conf", rules);
  }

  std::vector<std::string> server_arguments() const {
    std::vector<std::string> settings = {
        "unix_socket_directories=" + folder_.run().string(),
        "unix_socket_permissions=0700",
        options_.tcp ? "listen_addresses=127.0.0.1" : "listen_addresses=",
        "port=" + std::to_string(port_),
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "shared_buffers=32MB",
        // A worker in template1 makes CREATE DATABASE fail.
        "autovacuum=off",
        // Files in the data folder: nothing is left in /dev/shm after a kill.
        "dynamic_shared_memory_type=mmap",
        "password_encryption=scram-sha-256",
        "timezone=UTC",
        "log_timezone=UTC",
    };
    if (options_.tls != SandboxTls::off) {
      settings.insert(settings.end(), {"ssl=on", "ssl_cert_file=" + certificates_.certificate.string(),
                                       "ssl_key_file=" + certificates_.key.string()});
    }
    std::vector<std::string> arguments = {(programs_ / "postgres").string(), "-D", data().string()};
    for (const std::string& setting : settings) {
      arguments.insert(arguments.end(), {"-c", setting});
    }
    arguments.insert(arguments.end(), options_.server_arguments.begin(), options_.server_arguments.end());
    return arguments;
  }

  std::unique_ptr<SandboxServer> start(int port) {
    port_ = options_.tcp ? port : socket_number;
    ProcessOptions process = sandbox_process(folder_, server_arguments());
    process.stop_signal = SIGQUIT;  // at once, workers and shared memory included
    return std::make_unique<SandboxServer>(folder_, process, options_.start_timeout, server_,
                                           [this] { return is_ready(); });
  }

  /// The last line of postmaster.pid says so without a connection.
  bool is_ready() const {
    std::ifstream file(data() / "postmaster.pid");
    std::string line;
    for (int number = 1; number <= 8 && std::getline(file, line); ++number) {
    }
    return file && line.starts_with("ready");
  }

  void create_owner() const {
    std::vector<std::string> statements;
    std::string password;
    if (!options_.password.empty()) {
      password = " PASSWORD " + quoted_literal(options_.password);
      statements.push_back("ALTER ROLE postgres" + password);
    }
    statements.push_back("CREATE ROLE " + std::string(owner_role) +
                         " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE" + password);
    run(statements);
  }

  std::string url_of(std::string_view role, const std::string& database) const {
    std::string user(role);
    const bool is_trusted = role == "postgres" && !options_.tcp;
    if (!options_.password.empty() && !is_trusted) {
      user += ':' + percent_encode(options_.password);
    }
    if (!options_.tcp) {
      return "postgresql://" + user + "@/" + database + "?host=" + percent_encode(folder_.run().string());
    }
    const std::string tls = options_.tls == SandboxTls::required ? "?sslmode=require" : "";
    return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + '/' + database + tls;
  }

  /// The administrator on the socket, for one piece of work: an idle session would be in the way of whoever
  /// counts sessions.
  Session connect() const {
    const std::string port = std::to_string(port_);
    const std::string host = folder_.run().string();
    const char* const keys[] = {"host", "port", "user", "dbname", "connect_timeout", nullptr};
    const char* const values[] = {host.c_str(), port.c_str(), "postgres", "postgres", "10", nullptr};
    Session session(PQconnectdbParams(keys, values, 0), PQfinish);
    if (PQstatus(session.get()) != CONNECTION_OK) {
      throw Error(ErrorKind::server, server_ + ": " + PQerrorMessage(session.get()));
    }
    PQsetNoticeProcessor(
        session.get(), [](void*, const char*) {}, nullptr);  // else it writes to stderr
    return session;
  }

  void run(const std::vector<std::string>& statements) const {
    const Session session = connect();
    for (const std::string& sql : statements) {
      const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(session.get(), sql.c_str()), PQclear);
      const ExecStatusType status = PQresultStatus(result.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char* message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
        throw Error(ErrorKind::server,
                    server_ + ": " + (message == nullptr ? PQerrorMessage(session.get()) : message));
      }
    }
  }

  SandboxOptions options_;
  fs::path programs_;
  SandboxFolder folder_;
  SandboxCertificates certificates_;
  std::string server_;
  std::string url_;
  int port_ = socket_number;
  std::unique_ptr<SandboxServer> process_;
};

}  // namespace

std::unique_ptr<Sandbox> start_sandbox(const SandboxOptions& options) {
  return std::make_unique<PostgresqlSandbox>(options);
}

bool has_server(const SandboxOptions& options) noexcept {
  try {
    find_programs(options);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace toolkit::postgresql
