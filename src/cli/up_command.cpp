#include "run_command.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

void add_up_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      add_command(app, context, "up", "Apply pending versions: all, the next N, or those up to V",
                  "  toolkit up                  apply everything that is pending\n"
                  "  toolkit up 1                apply the next version\n"
                  "  toolkit up --to 12          apply versions up to 12\n"
                  "  toolkit up --dry-run        show the SQL and the transaction borders\n"
                  "  toolkit up --allow-late     also run versions below the highest applied one\n"
                  "  toolkit up --allow-ahead    the database may be ahead of these files\n",
                  [options, &context] {
                    Request request;
                    if (!options->count.empty()) {
                      request.count = count_argument(options->count);
                    }
                    if (!options->target.empty()) {
                      request.target = version_argument(options->target, true);
                    }
                    return run_request(context, *options, request);
                  });
  CLI::Option* count = command->add_option("N", options->count, "How many versions, at most");
  command->add_option("--to", options->target, "The version to reach")->excludes(count);
  command->add_flag("--allow-ahead", options->allow_ahead,
                    "Versions above the newest file may be applied: an older program starts all the same");
  command->add_flag("--allow-late", options->allow_late, "Run versions below the highest applied one too");
  add_run_options(*command, *options);
}

}  // namespace toolkit::cli
