#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "command_context.hpp"
#include "output.hpp"
#include "toolkit/directive.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds pause_between{250};

milliseconds since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

/// Only what time can cure is waited for: a wrong password or an unknown option ends at once.
ExitCode wait_for_server(const CommandContext& context, milliseconds limit) {
  const Settings settings = context.settings();
  const DatabaseUrl& url = settings.require_database();
  const Dialect& dialect = context.dialects->for_url(url);
  context.announce(settings);
  const auto start = steady_clock::now();
  OpenOptions options;
  options.create_file = false;
  for (;;) {
    options.connect_timeout =
        std::max(milliseconds(1'000), std::min(settings.migrator.timeouts.connect, limit - since(start)));
    try {
      const ServerInfo server = dialect.open(url, options)->server();
      if (context.is_json()) {
        std::cout << json_text({{"format", 1},
                                {"server", server.product + " " + server.version},
                                {"waited_ms", since(start).count()}});
      } else if (!context.quiet) {
        std::cout << "ready: " << server.product << " " << server.version << " after "
                  << duration_text(since(start).count()) << "\n";
      }
      return ExitCode::done;
    } catch (const Error& failure) {
      // A file answers at once or never: nothing but a command makes one, and 'toolkit up' does.
      const bool can_come_up = !dialect.traits().is_file;
      if (!can_come_up || (failure.kind() != ErrorKind::connection && failure.kind() != ErrorKind::timeout)) {
        throw;
      }
      if (context.stop.stop_requested()) {
        throw Error(ErrorKind::interrupted, "interrupted while waiting for the server");
      }
      if (since(start) + pause_between >= limit) {
        ErrorDetails details = failure.details();
        details.message =
            "the server was not ready within " + duration_text(limit.count()) + ": " + details.message;
        throw Error(std::move(details));
      }
    }
    std::this_thread::sleep_for(pause_between);
  }
}

}  // namespace

void add_wait_command(CLI::App& app, CommandContext& context) {
  auto limit = std::make_shared<std::string>("60s");
  CLI::App* command = add_command(app, context, "wait", "Wait until the database answers",
                                  "  toolkit wait --timeout 30s && toolkit up\n", [limit, &context] {
                                    const auto parsed = parse_duration(*limit);
                                    if (!parsed) {
                                      throw Error(ErrorKind::usage, "'" + *limit + "' is no duration",
                                                  "write 500ms, 30s or 2m");
                                    }
                                    return wait_for_server(context, *parsed);
                                  });
  command->add_option("--timeout", *limit, "How long at most (60s)");
}

}  // namespace toolkit::cli
