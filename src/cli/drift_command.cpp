#include <optional>

#include "command_context.hpp"
#include "schema_output.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

struct DriftWords {
  std::string against;
  std::string on;
  bool strict = false;
};

ExitCode drift(const CommandContext& context, const DriftWords& words) {
  const Settings settings = context.settings();
  const DatabaseUrl& url = settings.require_database();
  std::optional<SchemaSource> against;
  if (!words.against.empty()) {
    against = schema_source(words.against, settings.migrator.folder.file_size_limit);
    if (against->kind != SchemaSource::Kind::snapshot) {
      throw Error(ErrorKind::usage, against->word + " is no snapshot",
                  "write one with 'toolkit schema dump --snapshot -o FILE'; everything else is compared with "
                  "'toolkit schema diff'");
    }
  }
  context.announce(settings);
  return print_comparison(
      context,
      find_drift(*context.dialects, url, schema_options(context, settings, words.on), against, words.strict),
      words.strict);
}

}  // namespace

void add_drift_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<DriftWords>();
  CLI::App* command = add_command(
      app, context, "drift", "Compare the database with what its migrations make; never writes to it",
      "  toolkit drift                            the applied versions run in a sandbox\n"
      "  toolkit drift --on postgresql:/usr/lib/postgresql/15/bin\n"
      "  toolkit drift --against schema.txt       with a snapshot ('toolkit schema dump --snapshot')\n"
      "\n"
      "Exit code 3 when something differs that is more than a note.\n",
      [words, &context] { return drift(context, *words); });
  CLI::Option* against = command->add_option("--against", words->against,
                                             "A snapshot to compare with instead of the migrations");
  command->add_option("--on", words->on, "The server that the migrations run on: NAME, NAME:FOLDER or a URL")
      ->excludes(against);
  command->add_flag("--strict", words->strict, "Column order and generated names count too");
}

}  // namespace toolkit::cli
