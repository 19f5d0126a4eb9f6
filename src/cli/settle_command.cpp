#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"
#include "progress.hpp"

namespace toolkit::cli {

namespace {

struct SettleOptions {
  std::string version;
  std::string decision;
};

ExitCode settle(const CommandContext& context, const SettleOptions& options) {
  const Version version = version_argument(options.version, false);
  const Settlement decision = options.decision == "applied"   ? Settlement::applied
                              : options.decision == "pending" ? Settlement::pending
                                                              : Settlement::forgotten;
  Migrator migrator = context.open_migrator(context.migrator_options());
  Progress progress(std::cout, std::cerr, true, false);
  migrator.settle(version, decision, progress);
  if (context.is_json()) {
    std::cout << json_text(
        {{"format", 1}, {"dialect", migrator.server().flavour}, {"settled", {std::to_string(version)}}});
  } else if (!context.quiet) {
    std::cout << "settled: version " << version << " is " << options.decision << " now\n";
  }
  return ExitCode::done;
}

}  // namespace

void add_settle_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<SettleOptions>();
  CLI::App* command =
      add_command(app, context, "settle", "Record a decision about an interrupted version",
                  "  toolkit settle 12 --as applied     its statement took effect\n"
                  "  toolkit settle 12 --as pending     all of it is undone: 'up' runs it again\n"
                  "  toolkit settle 12 --as forgotten   it is recorded, but its files are gone for good\n",
                  [options, &context] { return settle(context, *options); });
  command->add_option("V", options->version, "The version")->required();
  command->add_option("--as", options->decision, "applied, pending or forgotten")
      ->required()
      ->check(CLI::IsMember({"applied", "pending", "forgotten"}));
}

}  // namespace toolkit::cli
