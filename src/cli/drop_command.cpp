#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"

namespace toolkit::cli {

void add_drop_command(CLI::App& app, CommandContext& context) {
  auto answer = std::make_shared<std::string>();
  CLI::App* command = add_command(
      app, context, "drop", "Drop the database of the URL with everything in it; asks first",
      "  toolkit drop                     shows server and database and asks\n"
      "  toolkit drop --yes shop_test     for scripts: the database's name is the answer\n",
      [answer, &context] {
        const Settings settings = context.settings();
        const DatabaseUrl& url = settings.require_database();
        context.announce(settings);
        require_confirmation("this drops the database", url, *answer);
        OpenOptions options;
        options.connect_timeout = settings.migrator.timeouts.connect;
        const bool dropped = context.dialects->for_url(url).drop_database(url, options);
        if (context.is_json()) {
          std::cout << json_text({{"format", 1}, {"database", url.database}, {"dropped", dropped}});
        } else if (!context.quiet) {
          std::cout << (dropped ? "dropped: " : "it was not there: ") << url.database << "\n";
        }
        return ExitCode::done;
      });
  command->add_option("--yes", *answer, "The database's name: the answer to the question");
}

}  // namespace toolkit::cli
