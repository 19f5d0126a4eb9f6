#include "run_command.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

void add_redo_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      add_command(app, context, "redo", "Take the newest N versions down and up again, as one plan",
                  "  toolkit redo                the newest version\n"
                  "  toolkit redo 3              the newest three\n"
                  "  toolkit redo --dry-run      show what would run\n",
                  [options, &context] {
                    Request request;
                    request.kind = RequestKind::redo;
                    if (!options->count.empty()) {
                      request.count = count_argument(options->count);
                    }
                    return run_request(context, *options, request);
                  });
  command->add_option("N", options->count, "How many versions (1)");
  add_run_options(*command, *options);
}

}  // namespace toolkit::cli
