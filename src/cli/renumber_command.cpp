#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "toolkit/error.hpp"
#include "toolkit/renumber.hpp"

namespace toolkit::cli {

namespace {

struct RenumberOptions {
  std::string version;
  std::string to;
  bool late = false;
  bool move_applied = false;
  bool dry_run = false;
};

/// `12`, or `12_add_index` where two files have the number 12.
RenumberRequest request_of(const std::string& text, const std::string& to) {
  const std::size_t end = text.find('_');
  RenumberRequest request;
  request.version = version_argument(text.substr(0, end), false);
  request.name = end == std::string::npos ? "" : text.substr(end + 1);
  request.digits = to;
  return request;
}

std::string text_of(const Renumbering& renumbering, bool done) {
  std::string text = std::string(done ? "renumbered: " : "would renumber: ") + renumbering.from_digits + "_" +
                     renumbering.name + " to " + renumbering.to_digits + "\n";
  for (const Renumbering::Move& move : renumbering.moves) {
    text += "  " + move.from + " -> " + move.to + "\n";
  }
  return text;
}

nlohmann::ordered_json json_of(const Renumbering& renumbering) {
  auto files = nlohmann::ordered_json::array();
  for (const Renumbering::Move& move : renumbering.moves) {
    files.push_back({{"from", move.from}, {"to", move.to}});
  }
  return {{"name", renumbering.name},
          {"from", std::to_string(renumbering.from)},
          {"to", std::to_string(renumbering.to)},
          {"files", files}};
}

std::vector<RenumberRequest> late_versions(Migrator& migrator) {
  std::vector<RenumberRequest> requests;
  for (const Problem& problem : migrator.status().problems) {
    if (problem.kind == ErrorKind::late) {
      requests.push_back({problem.version, {}, {}});
    }
  }
  return requests;
}

ExitCode renumber(const CommandContext& context, const RenumberOptions& options) {
  const Settings settings = context.settings();
  std::optional<Migrator> migrator;
  if (settings.database || options.late) {
    migrator.emplace(context.open_migrator(context.migrator_options()));
  }
  if (options.late == !options.version.empty()) {
    throw Error(ErrorKind::usage, "say which version, or --late for all that are late",
                "'toolkit renumber --help' has examples");
  }
  const std::vector<RenumberRequest> requests =
      options.late ? late_versions(*migrator) : std::vector{request_of(options.version, options.to)};
  auto list = nlohmann::ordered_json::array();
  Progress progress(std::cout, std::cerr, true, false);
  for (const RenumberRequest& request : requests) {
    const Renumbering renumbering =
        plan_renumber(read_file_names(settings.migrator.folder), request, std::chrono::system_clock::now());
    if (!options.dry_run && migrator) {
      migrator->renumber(renumbering, options.move_applied, progress);
    } else if (renumbering.moves.empty() && !migrator) {
      throw Error(
          ErrorKind::usage, "there is no version " + std::to_string(renumbering.from),
          "where its files are renamed already, name the database that has applied it: --database URL");
    } else if (!options.dry_run) {
      move_files(renumbering.moves);
    }
    list.push_back(json_of(renumbering));
    if (!context.is_json() && !context.quiet) {
      std::cout << text_of(renumbering, !options.dry_run);
    }
    if (options.dry_run && options.late) {
      break;  // the next number depends on the files as they will be
    }
  }
  if (context.is_json()) {
    std::cout << json_text({{"format", 1}, {"renumbered", list}});
  } else if (requests.empty()) {
    std::cout << "nothing to do: no version is late\n";
  }
  return ExitCode::done;
}

}  // namespace

void add_renumber_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<RenumberOptions>();
  CLI::App* command = add_command(
      app, context, "renumber", "Give a version another number: all its files, and its place in the history",
      "  toolkit renumber 12                 to the next free number\n"
      "  toolkit renumber 12 --to 20         to that one\n"
      "  toolkit renumber 12_add_index       where two branches took the number 12\n"
      "  toolkit renumber --late             every version that is late in this database\n"
      "  toolkit renumber 12 --to 20 --move-applied\n"
      "                                      it ran here under the old number: the history follows\n"
      "\n"
      "With a database configured the change is written into its log, with who and when. A version\n"
      "that is applied there is moved only with --move-applied: every other database that has applied\n"
      "it needs the same command, else it would run again under the new number.\n",
      [options, &context] { return renumber(context, *options); });
  command->add_option("V", options->version, "The version, or VERSION_NAME");
  command->add_option("--to", options->to, "The new number (the next free one)");
  command->add_flag("--late", options->late, "Every late version of this database, in order");
  command->add_flag("--move-applied", options->move_applied, "Move a version that is applied here");
  command->add_flag("--dry-run", options->dry_run, "Show what would be renamed; touch nothing");
}

}  // namespace toolkit::cli
