#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"
#include "progress.hpp"

namespace toolkit::cli {

namespace {

struct BaselineOptions {
  std::string version;
  bool only = false;
};

ExitCode baseline(const CommandContext& context, const BaselineOptions& options) {
  const Version version = version_argument(options.version, false);
  Migrator migrator = context.open_migrator(context.migrator_options());
  Progress progress(std::cout, std::cerr, true, false);
  const std::vector<Version> recorded = migrator.baseline(version, options.only, progress);
  if (context.is_json()) {
    auto list = nlohmann::ordered_json::array();
    for (const Version each : recorded) {
      list.push_back(std::to_string(each));
    }
    std::cout << json_text({{"format", 1}, {"dialect", migrator.server().flavour}, {"recorded", list}});
  } else if (!context.quiet) {
    std::cout << "recorded without running: " << recorded.size()
              << (recorded.size() == 1 ? " version" : " versions") << "\n";
  }
  return ExitCode::done;
}

}  // namespace

void add_baseline_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<BaselineOptions>();
  CLI::App* command =
      add_command(app, context, "baseline", "Record versions up to V as applied without running them",
                  "  toolkit baseline 12         for a database that has versions 1 to 12 already\n"
                  "  toolkit baseline --only 7   only version 7, e.g. a late one that was made by hand\n",
                  [options, &context] { return baseline(context, *options); });
  command->add_option("V", options->version, "The version")->required();
  command->add_flag("--only", options->only, "This version and none below it");
}

}  // namespace toolkit::cli
