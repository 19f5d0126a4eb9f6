#include "run_command.hpp"

namespace toolkit::cli {

void add_plan_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = add_command(app, context, "plan", "Show what 'up' would do; never writes",
                                  "  toolkit plan                versions, files and transaction borders\n"
                                  "  toolkit plan -v             with the SQL\n"
                                  "  toolkit plan --to 12 --format json\n",
                                  [options, &context] {
                                    Request request;
                                    if (!options->target.empty()) {
                                      request.target = version_argument(options->target, true);
                                    }
                                    return print_plan(context, *options, request, context.verbose);
                                  });
  command->add_option("--to", options->target, "The version to reach");
  command->add_flag("--allow-ahead", options->allow_ahead,
                    "Versions above the newest file may be applied: an older program starts all the same");
  command->add_flag("--allow-late", options->allow_late, "Plan versions below the highest applied one too");
  command->add_option("--transaction", options->transaction, "auto, each or all, as for 'up'")
      ->check(CLI::IsMember({"auto", "each", "all"}));
}

}  // namespace toolkit::cli
