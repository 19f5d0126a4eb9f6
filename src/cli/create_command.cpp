#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"

namespace toolkit::cli {

void add_create_command(CLI::App& app, CommandContext& context) {
  add_command(app, context, "create", "Create the database of the URL, if it is not there",
              "  toolkit create --database postgresql://app@localhost/shop\n", [&context] {
                const Settings settings = context.settings();
                const DatabaseUrl& url = settings.require_database();
                context.announce(settings);
                OpenOptions options;
                options.connect_timeout = settings.migrator.timeouts.connect;
                const bool created = context.dialects->for_url(url).create_database(url, options);
                if (context.is_json()) {
                  std::cout << json_text({{"format", 1}, {"database", url.database}, {"created", created}});
                } else if (!context.quiet) {
                  std::cout << (created ? "created: " : "it was there already: ") << url.database << "\n";
                }
                return ExitCode::done;
              });
}

}  // namespace toolkit::cli
