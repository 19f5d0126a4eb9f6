#include "run_command.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

ExitCode run_down(const CommandContext& context, const RunOptions& options) {
  Request request;
  request.kind = RequestKind::down;
  request.all = options.all;
  if (!options.count.empty()) {
    request.count = count_argument(options.count);
  }
  if (!options.target.empty()) {
    request.target = version_argument(options.target, true);
  }
  if (options.all && !options.dry_run) {
    require_confirmation("this takes down every version of", context.settings().require_database(),
                         options.yes);
  }
  return run_request(context, options, request);
}

}  // namespace

void add_down_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      add_command(app, context, "down", "Take versions down: the newest, N of them, or down to V",
                  "  toolkit down                take the newest version down\n"
                  "  toolkit down 3              take the newest three down\n"
                  "  toolkit down --to 5         leave version 5 applied\n"
                  "  toolkit down --to 0         take everything down\n"
                  "  toolkit down --all --yes shop   the same, asking for the database's name\n"
                  "  toolkit down --from-history     also where the files, or the folder, are gone\n",
                  [options, &context] { return run_down(context, *options); });
  CLI::Option* count = command->add_option("N", options->count, "How many versions");
  CLI::Option* target =
      command->add_option("--to", options->target, "The version that stays applied; 0 is empty");
  CLI::Option* all = command->add_flag("--all", options->all, "Every version; asks first");
  command->add_option("--yes", options->yes, "The database's name: the answer to the question of --all");
  target->excludes(count);
  all->excludes(count)->excludes(target);
  command->add_flag("--from-history", options->from_history,
                    "Where a version's files are gone, use the way back that the history keeps");
  add_run_options(*command, *options);
}

}  // namespace toolkit::cli
