#include "sandbox_programs.hpp"

#include <unistd.h>

#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> usual_folders = {"/usr/sbin",       "/usr/libexec",         "/usr/local/sbin",
                                                "/usr/local/bin",  "/usr/local/mysql/bin", "/opt/mysql/bin",
                                                "/opt/mariadb/bin"};

bool is_program(const fs::path& path) { return access(path.c_str(), X_OK) == 0; }

/// "/usr/sbin/mysqld  Ver 10.11.6-MariaDB-0+deb12u1 for debian-linux-gnu …" -> "10.11.6-MariaDB-0+deb12u1"
std::string version_in(const std::string& line) {
  const std::string mark = " Ver ";
  const auto found = line.find(mark);
  if (found == std::string::npos) {
    return {};
  }
  const auto start = found + mark.size();
  return line.substr(start, line.find(' ', start) - start);
}

/// What the program says it is; without a product when it is no server, or cannot be run here.
ServerProgram ask(const fs::path& path, const SandboxFolder& folder) {
  ServerProgram server;
  server.path = path;
  try {
    server.full_version = program_output(folder, path, "--version");
  } catch (const Error&) {
    return server;
  }
  server.base = fs::canonical(path).parent_path().parent_path();
  const std::string version = version_in(server.full_version);
  server.version = version.substr(0, version.find('-'));
  if (!version.empty()) {
    server.product = version.find("MariaDB") != std::string::npos ? "MariaDB" : "MySQL";
  }
  return server;
}

}  // namespace

ServerProgram find_server(std::string_view flavour, const SandboxOptions& options,
                          const SandboxFolder& folder) {
  if (flavour != "mysql" && flavour != "mariadb") {
    throw Error(ErrorKind::usage, "there is no sandbox of flavour \"" + std::string(flavour) + "\"",
                "use mysql or mariadb");
  }
  const std::string product = flavour == "mariadb" ? "MariaDB" : "MySQL";
  const std::vector<std::string> names = flavour == "mariadb" ? std::vector<std::string>{"mariadbd", "mysqld"}
                                                              : std::vector<std::string>{"mysqld"};
  const auto folders = program_folders(options, usual_folders);
  std::string others;
  for (const fs::path& place : folders) {
    for (const std::string& name : names) {
      if (!is_program(place / name)) {
        continue;
      }
      ServerProgram server = ask(place / name, folder);
      if (server.product == product) {
        return server;
      }
      const std::string what = server.product.empty() ? "cannot be run" : "is " + server.product;
      others += (others.empty() ? " (" : ", ") + server.path.string() + ' ' + what;
    }
  }
  const std::string looked = flavour == "mariadb" ? "mariadbd and mysqld" : "mysqld";
  throw Error(ErrorKind::server,
              "no " + product + " server to start: looked for " + looked + " in " + join_paths(folders) +
                  others + (others.empty() ? "" : ")"),
              "install a " + product + " server, or name the folder of its programs");
}

fs::path find_install_script(const ServerProgram& server) {
  const std::vector<fs::path> folders = {server.path.parent_path(), server.base / "bin",
                                         server.base / "scripts"};
  for (const fs::path& folder : folders) {
    for (const char* name : {"mariadb-install-db", "mysql_install_db"}) {
      if (is_program(folder / name)) {
        return folder / name;
      }
    }
  }
  throw Error(ErrorKind::server,
              "no mariadb-install-db for " + server.path.string() + ": looked in " + join_paths(folders));
}

}  // namespace toolkit::mysql
