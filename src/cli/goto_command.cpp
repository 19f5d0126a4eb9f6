#include "run_command.hpp"

namespace toolkit::cli {

void add_goto_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = add_command(app, context, "goto", "Go to a version, up or down",
                                  "  toolkit goto 7              up or down to version 7\n"
                                  "  toolkit goto 0              take everything down\n",
                                  [options, &context] {
                                    Request request;
                                    request.kind = RequestKind::go_to;
                                    request.target = version_argument(options->target, true);
                                    return run_request(context, *options, request);
                                  });
  command->add_option("V", options->target, "The version to reach; 0 is empty")->required();
  command->add_flag("--allow-ahead", options->allow_ahead,
                    "Versions above the newest file may be applied: an older program starts all the same");
  command->add_flag("--allow-late", options->allow_late, "Run versions below the highest applied one too");
  command->add_flag("--from-history", options->from_history,
                    "Where a version's files are gone, use the way back that the history keeps");
  add_run_options(*command, *options);
}

}  // namespace toolkit::cli
