#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "schema_output.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

struct DumpWords {
  std::string source;
  std::string output;
  std::string on;
  std::string version;
  std::vector<std::string> rows;
  bool snapshot = false;
};

/// The URL or folder that was given, else the configured database. Standard output is the dump's own.
SchemaSource source_of(const CommandContext& context, const Settings& settings, const std::string& word) {
  if (!word.empty()) {
    return schema_source(word, settings.migrator.folder.file_size_limit);
  }
  SchemaSource source;
  source.url = settings.require_database();
  source.word = source.url->display();
  if (!context.quiet && !context.is_json()) {
    std::cerr << "database: " << source.word << " (from " << settings.database_origin << ")\n";
  }
  return source;
}

ExitCode dump(const CommandContext& context, const DumpWords& words) {
  const Settings settings = context.settings();
  DumpOptions options;
  options.schema = schema_options(context, settings, words.on);
  options.rows = words.rows.empty() && !words.snapshot ? settings.schema.rows : words.rows;
  options.snapshot = words.snapshot;
  if (!words.version.empty()) {
    options.version = version_argument(words.version, false);
  }
  const SchemaSource source = source_of(context, settings, words.source);
  if (source.kind == SchemaSource::Kind::database && !words.on.empty()) {
    throw Error(ErrorKind::usage, "--on is for a folder, and " + source.word + " is a database");
  }
  const SchemaDump written = dump_schema(*context.dialects, source, options);
  if (!words.output.empty()) {
    write_whole_file(words.output, written.text);
  }
  if (context.is_json()) {
    std::cout << json_text(
        {{"format", 1},
         {"dialect", written.dialect},
         {"version", written.version == 0 ? nlohmann::ordered_json(nullptr)
                                          : nlohmann::ordered_json(std::to_string(written.version))},
         {"file",
          words.output.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(words.output)},
         {"text", written.text}});
  } else if (words.output.empty()) {
    std::cout << written.text;
  } else if (!context.quiet) {
    std::cout << "written: " << words.output;
    if (!words.snapshot) {
      std::cout << ", " << written.statements << " statements, version " << written.version;
    }
    std::cout << "\n";
  }
  return ExitCode::done;
}

struct LoadWords {
  std::string file;
  bool dry_run = false;
};

std::string load_text(const SchemaLoad& load, bool dry_run) {
  const std::string versions =
      std::to_string(load.report.done.size()) + (load.report.done.size() == 1 ? " version" : " versions");
  if (!dry_run) {
    return "loaded: " + load.path + ", " + std::to_string(load.statements.size()) +
           (load.statements.size() == 1 ? " statement; " : " statements; ") + versions +
           " recorded as applied, now at version " + std::to_string(load.report.to) + "\n";
  }
  std::string text = "would load " + load.path + " and record " + versions + " up to " +
                     std::to_string(load.report.to) + " as applied:\n";
  for (const std::string& statement : load.statements) {
    text += "\n" + statement + "\n";
  }
  return text;
}

ExitCode load(const CommandContext& context, const LoadWords& words) {
  const Settings settings = context.settings();
  const DatabaseUrl& url = settings.require_database();
  context.announce(settings);
  Progress progress(std::cout, std::cerr, true, false);
  const SchemaLoad loaded =
      load_schema(*context.dialects, url, context.migrator_options(), words.file, words.dry_run, progress);
  if (context.is_json()) {
    nlohmann::ordered_json document = run_document(loaded.report);
    document["file"] = loaded.path;
    document["dry_run"] = words.dry_run;
    std::cout << json_text(document);
  } else if (!context.quiet || words.dry_run) {
    std::cout << load_text(loaded, words.dry_run);
  }
  return ExitCode::done;
}

struct DiffWords {
  std::string expected;
  std::string actual;
  std::string on;
  bool strict = false;
};

ExitCode diff(const CommandContext& context, const DiffWords& words) {
  const Settings settings = context.settings();
  const std::uintmax_t limit = settings.migrator.folder.file_size_limit;
  const SchemaSource expected = schema_source(words.expected, limit);
  const SchemaSource actual = schema_source(words.actual, limit);
  return print_comparison(context,
                          diff_schemas(*context.dialects, expected, actual,
                                       schema_options(context, settings, words.on), words.strict),
                          words.strict);
}

void add_dump(CLI::App& schema, CommandContext& context) {
  auto words = std::make_shared<DumpWords>();
  CLI::App* command =
      add_command(schema, context, "dump", "Write the fresh schema of a database; never writes to it",
                  "  toolkit schema dump -o migrations/schema.postgresql.sql\n"
                  "  toolkit schema dump migrations --on sqlite          run in a sandbox, then written\n"
                  "  toolkit schema dump --rows lookup --rows countries  with the rows of two tables\n"
                  "  toolkit schema dump --snapshot -o schema.txt        the catalog as text, for reviews\n"
                  "\n"
                  "The file begins with the newest applied version; 'toolkit schema load' records it.\n",
                  [words, &context] { return dump(context, *words); });
  command->add_option("source", words->source, "A URL or a folder of migrations (the configured database)");
  command->add_option("-o,--output", words->output, "The file to write (standard output)");
  command
      ->add_option("--rows", words->rows,
                   "Also write the rows of this table; may be given again ([schema] rows)")
      ->allow_extra_args(false);
  command->add_option("--schema-version", words->version, "The version, of a database without a history");
  command->add_option("--on", words->on, "The engine that a folder runs on: NAME, NAME:FOLDER or a URL");
  command->add_flag("--snapshot", words->snapshot, "Write the catalog as text instead of statements")
      ->excludes("--rows");
}

void add_load(CLI::App& schema, CommandContext& context) {
  auto words = std::make_shared<LoadWords>();
  CLI::App* command = add_command(
      schema, context, "load", "Load the fresh schema into an empty database and record its versions",
      "  toolkit schema load                     the file beside the migrations\n"
      "  toolkit schema load schema.sqlite.sql\n"
      "  toolkit schema load --dry-run           what would be run and recorded\n"
      "\n"
      "Records the versions up to the file's schema-version; 'toolkit up' runs the rest.\n"
      "PostgreSQL and SQLite load all of it or nothing. On MySQL and MariaDB a load that was\n"
      "interrupted leaves tables, and no version is recorded: empty the database and start again.\n",
      [words, &context] { return load(context, *words); });
  command->add_option("file", words->file, "A fresh schema (schema.<dialect>.sql beside the migrations)");
  command->add_flag("--dry-run", words->dry_run, "Print what would be run; touch nothing");
}

void add_diff(CLI::App& schema, CommandContext& context) {
  auto words = std::make_shared<DiffWords>();
  CLI::App* command = add_command(
      schema, context, "diff", "Compare two schemas: URLs, folders, snapshots, fresh schemas",
      "  toolkit schema diff postgresql://app@staging/app postgresql://app@live/app\n"
      "  toolkit schema diff migrations sqlite:app.db\n"
      "  toolkit schema diff schema.txt postgresql://app@live/app     a snapshot as what should be\n"
      "  toolkit schema diff migrations migrations/schema.mysql.sql\n"
      "\n"
      "Folders and fresh schemas run in a sandbox. Exit code 3 when something differs. Two dialects\n"
      "are compared with 'toolkit parity'.\n",
      [words, &context] { return diff(context, *words); });
  command->add_option("expected", words->expected, "What should be")->required();
  command->add_option("actual", words->actual, "What is")->required();
  command->add_option("--on", words->on,
                      "The engine that folders and fresh schemas run on: NAME, NAME:FOLDER or a URL");
  command->add_flag("--strict", words->strict, "Column order and generated names count too");
}

}  // namespace

void add_schema_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = add_command(app, context, "schema", "Write, load and compare whole schemas",
                                  "  toolkit schema dump -o migrations/schema.postgresql.sql\n"
                                  "  toolkit schema load\n"
                                  "  toolkit schema diff migrations postgresql://app@live/app\n",
                                  {});
  command->require_subcommand(1);
  add_dump(*command, context);
  add_load(*command, context);
  add_diff(*command, context);
}

}  // namespace toolkit::cli
