#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/error.hpp"
#include "toolkit/generate.hpp"
#include "toolkit/generate_ci.hpp"

namespace toolkit::cli {

namespace {

struct GenerateOptions {
  GenerateRequest request;
  std::string source;
  std::string output;
  bool dry_run = false;
};

constexpr const char* examples =
    "  toolkit generate create_users id:id name:string! balance:decimal:12,2\n"
    "  toolkit generate add_users_email email:string:120      or add_email_to_users\n"
    "  toolkit generate remove_email_from_users email:string:120\n"
    "  toolkit generate drop_users id:id name:string!         the down makes the table again\n"
    "  toolkit generate drop_logs --irreversible 'archived elsewhere'\n"
    "  toolkit generate backfill_names                        no statement: you write both\n"
    "  toolkit generate create_users id:id --dry-run          print the files, write nothing\n"
    "  toolkit generate ci github                             a workflow that proves the set on every "
    "engine\n"
    "  toolkit generate ci gitlab --output ci/migrations.yml\n";

constexpr const char* rules =
    "Files: the next number, a shared pair where every dialect writes the same text, else one file per "
    "dialect;\n"
    "one statement per file, several as steps. Nothing is overwritten.\n"
    "A column may be NULL unless its type ends with '!'. A NOT NULL column that is added to a table gets "
    "the\n"
    "default below and keeps it: rows that exist need a value, and SQLite cannot drop a default.\n"
    "Reserved words are quoted.\n";

std::string in_width(const std::string& text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

std::string type_table() {
  std::string text = "Types, with the default of an added NOT NULL column:\n  " + in_width("", 11) +
                     in_width("PostgreSQL", 19) + in_width("MySQL, MariaDB", 18) + in_width("SQLite", 16) +
                     "default\n";
  for (const ColumnTypeHelp& type : column_types()) {
    if (type.word == "id") {
      text += "  id         the primary key, numbered by the database; only in create_ and drop_\n";
      continue;
    }
    text += "  " + in_width(type.word, 11) + in_width(type.postgresql, 19) + in_width(type.mysql, 18) +
            in_width(type.sqlite, 16) + (type.neutral.empty() ? "none: NULL only" : type.neutral) + "\n";
  }
  return text +
         "  Sizes: string:120 (255 when not given), decimal:12,2 (10,2 when not given). MySQL's TEXT holds "
         "65,535 bytes;\n"
         "  SQLite keeps decimals as floating point numbers, and JSON as TEXT with CHECK "
         "(json_valid(COLUMN)).\n";
}

nlohmann::ordered_json document(const Generated& generated, bool written) {
  auto files = nlohmann::ordered_json::array();
  for (const GeneratedFile& file : generated.files) {
    files.push_back({{"path", file.path}, {"text", file.text}});
  }
  return {{"format", 1},
          {"version", std::to_string(generated.version)},
          {"name", generated.name},
          {"written", written},
          {"files", files},
          {"notes", generated.notes}};
}

void print_text(const Generated& generated, bool written, bool quiet) {
  for (const GeneratedFile& file : generated.files) {
    std::cout << (written ? "wrote " : "would write ") << file.path << "\n" << (written ? "" : file.text);
  }
  for (const std::string& note : generated.notes) {
    if (!quiet) {
      std::cout << "note: " << note << "\n";
    }
  }
}

ExitCode write_and_tell(const CommandContext& context, const Generated& generated, bool dry_run) {
  if (!dry_run) {
    write_new_files(generated.files);
  }
  if (context.is_json()) {
    std::cout << json_text(document(generated, !dry_run));
  } else {
    print_text(generated, !dry_run, context.quiet);
  }
  return ExitCode::done;
}

/// The engines of `[verify] engines`, else the dialects of the set, each once.
std::vector<std::string> engines_of(const Settings& settings) {
  std::vector<std::string> engines;
  const auto add = [&](const std::string& word) {
    const std::optional<std::string> name = dialect_name_of(word.substr(0, word.find(':')));
    if (!name) {
      throw Error(ErrorKind::configuration, "[verify] engines names '" + word + "', which is no engine");
    }
    if (std::find(engines.begin(), engines.end(), *name) == engines.end()) {
      engines.push_back(*name);
    }
  };
  for (const std::string& word : settings.verify.engines) {
    add(word);
  }
  if (engines.empty()) {
    for (const std::string& dialect : read_folder(settings.migrator.folder).dialects) {
      add(dialect);
      if (dialect == "mysql") {
        add("mariadb");  // takes MySQL's files
      }
    }
  }
  return engines;
}

ExitCode run_ci(const CommandContext& context, const GenerateOptions& options) {
  const std::vector<std::string>& words = options.request.columns;
  if (words.size() != 1 || (words[0] != "github" && words[0] != "gitlab")) {
    throw Error(ErrorKind::usage, "generate ci takes one of github, gitlab");
  }
  const Settings settings = context.settings();
  CiRequest request;
  request.system = words[0] == "github" ? CiSystem::github : CiSystem::gitlab;
  request.engines = engines_of(settings);
  request.migrations = context.flags.migrations;
  request.source = options.source;
  Generated generated;
  generated.name = "ci";
  generated.files.push_back(
      {options.output.empty() ? ci_path(request.system) : options.output, ci_text(request)});
  return write_and_tell(context, generated, options.dry_run);
}

ExitCode run(const CommandContext& context, const GenerateOptions& options) {
  if (options.request.name == "ci") {
    return run_ci(context, options);
  }
  if (!options.source.empty() || !options.output.empty()) {
    throw Error(ErrorKind::usage, "--source and --output are for 'generate ci'");
  }
  const MigrationFolder folder = read_folder_to_extend(context.settings().migrator.folder);
  const Generated generated = generate(folder, options.request, std::chrono::system_clock::now());
  return write_and_tell(context, generated, options.dry_run);
}

}  // namespace

void add_generate_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* command = add_command(app, context, "generate", "Write the next pair; needs no database",
                                  examples, [options, &context] { return run(context, *options); });
  command->footer(std::string("Examples:\n") + examples + "\n" + rules + "\n" + type_table());
  GenerateRequest& request = options->request;
  command->add_option("name", request.name, "create_TABLE, drop_TABLE, add_COLUMN_to_TABLE, … or any other")
      ->required();
  command->add_option("columns", request.columns, "COLUMN:TYPE[:SIZE][!]");
  command
      ->add_option("--dialects", request.dialects, "For whom, e.g. postgresql,sqlite (those of the folder)")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--irreversible", request.irreversible, "Why there is no way back: the down says it");
  command->add_option("--source", options->source, "ci: Git address of the toolkit (a variable of the CI)");
  command->add_option("--output", options->output, "ci: the file (where the CI looks for it)");
  command->add_flag("--empty", request.empty, "A pair without statements, whatever the name says");
  command->add_flag("--dry-run", options->dry_run, "Print the files, write nothing");
}

}  // namespace toolkit::cli
