#include "toolkit/sandbox_server.hpp"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "toolkit/error.hpp"

namespace toolkit {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

/// Folders that match "/usr/lib/postgresql/*/bin", highest number first.
std::vector<fs::path> expand(const std::string& pattern) {
  const auto star = pattern.find('*');
  if (star == std::string::npos) {
    return {pattern};
  }
  const auto segment = pattern.rfind('/', star) + 1;
  const std::string prefix = pattern.substr(segment, star - segment);
  std::vector<std::pair<double, fs::path>> found;
  std::error_code error;
  for (fs::directory_iterator at(pattern.substr(0, segment), error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename();
    if (name.starts_with(prefix)) {
      found.emplace_back(std::strtod(name.c_str() + prefix.size(), nullptr),
                         at->path().string() + pattern.substr(star + 1));
    }
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<fs::path> folders;
  folders.reserve(found.size());
  for (auto& entry : found) {
    folders.push_back(std::move(entry.second));
  }
  return folders;
}

std::string random_word() {
  std::array<unsigned char, 12> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw Error(ErrorKind::server, "no random numbers for a password");
  }
  std::string word;
  for (const unsigned char byte : bytes) {
    word += "0123456789abcdef"[byte >> 4];
    word += "0123456789abcdef"[byte & 15];
  }
  return word;
}

}  // namespace

std::vector<fs::path> program_folders(const SandboxOptions& options, const std::vector<std::string>& usual) {
  if (!options.programs.empty()) {
    return {fs::absolute(options.programs)};
  }
  std::vector<fs::path> folders;
  const auto add = [&](const fs::path& folder) {
    std::error_code error;  // /sbin is a link to /usr/sbin in many places: one look is enough
    const fs::path real = folder.is_absolute() ? fs::canonical(folder, error) : fs::path();
    if (!error && !real.empty() && std::find(folders.begin(), folders.end(), real) == folders.end()) {
      folders.push_back(real);
    }
  };
  const char* search_path = std::getenv("PATH");
  for (const std::string& folder : split(search_path == nullptr ? "" : search_path, ':')) {
    add(folder);
  }
  for (const std::string& pattern : usual) {
    for (const fs::path& folder : expand(pattern)) {
      add(folder);
    }
  }
  return folders;
}

std::string join_paths(const std::vector<fs::path>& paths) {
  std::string text;
  for (const fs::path& path : paths) {
    text += (text.empty() ? "" : ", ") + path.string();
  }
  return text;
}

void check_database_name(const std::string& name) {
  const bool is_plain = std::all_of(name.begin(), name.end(), [](unsigned char character) {
    return std::isalnum(character) != 0 || character == '_';
  });
  if (!is_plain || name.empty() || name.size() > 63) {
    throw Error(ErrorKind::usage, "\"" + name + "\" cannot name a database of a sandbox",
                "use 1 to 63 letters, digits and underscores");
  }
}

SandboxOptions checked(SandboxOptions options) {
  if (options.tls != SandboxTls::off && !options.tcp) {
    throw Error(ErrorKind::usage, "TLS in a sandbox needs TCP: sockets have none");
  }
  if (options.tcp && options.password.empty()) {
    options.password = random_word();
  }
  return options;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (std::isalnum(byte) != 0 || std::string_view("-_.~").find(character) != std::string_view::npos) {
      encoded += character;
    } else {
      encoded += '%';
      encoded += "0123456789ABCDEF"[byte >> 4];
      encoded += "0123456789ABCDEF"[byte & 15];
    }
  }
  return encoded;
}

int free_loopback_port() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool found =
      listener >= 0 && bind(listener, generic, size) == 0 && getsockname(listener, generic, &size) == 0;
  if (listener >= 0) {
    close(listener);
  }
  if (!found) {
    throw Error(ErrorKind::server, "no free port on 127.0.0.1 for a sandbox");
  }
  return ntohs(address.sin_port);
}

ProcessOptions sandbox_process(const SandboxFolder& folder, std::vector<std::string> arguments) {
  const std::string programs = fs::path(arguments.at(0)).parent_path().string();
  ProcessOptions options;
  options.arguments = std::move(arguments);
  options.environment = {"PATH=" + programs + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                         "HOME=" + folder.run().string(), "TMPDIR=" + folder.run().string(), "LC_ALL=C",
                         "TZ=UTC"};
  options.working_folder = folder.run();
  options.output = folder.run() / "log";
  options.user = folder.user();
  options.remove_if_orphaned = folder.path();
  options.inherited_lock = folder.lock();
  return options;
}

std::string program_output(const SandboxFolder& folder, const fs::path& program,
                           const std::string& argument) {
  ProcessOptions options = sandbox_process(folder, {program.string(), argument});
  options.output = folder.run() / "output";
  const ProcessEnd end = run_process(options, milliseconds(20'000));
  std::string text = read_file(options.output);
  fs::remove(options.output);
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  if (!end.succeeded()) {
    throw Error(ErrorKind::server, program.string() + " " + argument + " failed: " + text);
  }
  return text;
}

Error error_with_log(ErrorKind kind, const std::string& message, const SandboxFolder& folder) {
  constexpr std::size_t detail_lines = 40;
  const std::vector<std::string> lines = split(read_file(folder.run() / "log"), '\n');
  const auto names_cause = [](const std::string& line) {
    return line.find("FATAL:") != std::string::npos || line.find("[ERROR]") != std::string::npos ||
           line.find("initdb: error:") != std::string::npos;
  };
  auto cause = std::find_if(lines.rbegin(), lines.rend(), names_cause);
  cause = cause == lines.rend() ? lines.rbegin() : cause;
  ErrorDetails details;
  details.kind = kind;
  details.message = message + (cause == lines.rend() ? "" : ": " + *cause);
  for (std::size_t i = lines.size() - std::min(detail_lines, lines.size()); i < lines.size(); ++i) {
    details.detail += lines[i] + '\n';
  }
  return Error(std::move(details));
}

void run_init(const SandboxFolder& folder, const std::vector<std::string>& arguments, milliseconds limit,
              const std::string& name) {
  if (!run_process(sandbox_process(folder, arguments), limit).succeeded()) {
    throw error_with_log(ErrorKind::server, name + " could not make its data folder", folder);
  }
}

SandboxServer::SandboxServer(const SandboxFolder& folder, const ProcessOptions& process, milliseconds limit,
                             const std::string& name, const std::function<bool()>& ready)
    : process_(process) {
  folder.record_server(process_.identity());
  const auto deadline = Clock::now() + limit;
  while (!ready()) {
    if (process_.wait(milliseconds(2))) {
      throw error_with_log(ErrorKind::server, name + " ended while it started", folder);
    }
    if (Clock::now() > deadline) {
      throw error_with_log(ErrorKind::timeout,
                           name + " was not ready within " + std::to_string(limit.count()) + " ms", folder);
    }
  }
}

std::unique_ptr<SandboxServer> start_on_free_port(
    bool tcp, const SandboxFolder& folder,
    const std::function<std::unique_ptr<SandboxServer>(int port)>& start) {
  constexpr int attempts = 5;
  for (int attempt = 1;; ++attempt) {
    try {
      return start(tcp ? free_loopback_port() : 0);
    } catch (const Error& error) {
      std::string log = read_file(folder.run() / "log");
      std::transform(log.begin(), log.end(), log.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (!tcp || attempt == attempts || error.kind() != ErrorKind::server ||
          log.find("address already in use") == std::string::npos) {
        throw;
      }
    }
  }
}

}  // namespace toolkit
