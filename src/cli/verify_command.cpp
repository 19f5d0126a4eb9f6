#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "command_context.hpp"
#include "output.hpp"
#include "toolkit/error.hpp"
#include "toolkit/sandbox.hpp"
#include "verify_output.hpp"

namespace toolkit::cli {

namespace {

struct VerifyWords {
  std::vector<std::string> on;
  std::string from;
  std::string only;
  std::string junit;
  std::string tap;
  std::string html;
  VerifyOptions options;
  bool no_rows = false;
  bool no_parity = false;
};

/// One line per engine that begins, per finding, and, on a terminal, a line that says how far each one is.
class VerifyProgress : public VerifyObserver {
 public:
  VerifyProgress(bool quiet, bool live) : quiet_(quiet), live_(live) {}
  ~VerifyProgress() override { clear(); }

  void began(const std::string& engine, const std::string& server, std::size_t versions) override {
    totals_[engine] = {0, versions};
    say(engine + ": " + server + ", " + std::to_string(versions) +
        (versions == 1 ? " version" : " versions"));
  }
  void checked(const std::string& engine, const Check& check) override {
    if (check.check == "up") {
      ++totals_[engine].first;
      show();
    }
    if (check.result == CheckResult::fail) {
      say(engine + ": " + (check.label.empty() ? "" : check.label + " ") + check.check + " failed");
    }
  }
  void note(const std::string& engine, const std::string& text) override { say(engine + ": " + text); }

 private:
  void say(const std::string& line) {
    if (!quiet_) {
      clear();
      std::cerr << line << "\n";
      show();
    }
  }
  void show() {
    if (!live_ || quiet_) {
      return;
    }
    clear();
    std::string line;
    for (const auto& [engine, done] : totals_) {
      line += (line.empty() ? "" : "  ") + engine + " " + std::to_string(done.first) + "/" +
              std::to_string(done.second);
    }
    std::cerr << line << std::flush;
    shown_ = true;
  }
  void clear() {
    if (shown_) {
      std::cerr << "\r\x1b[K" << std::flush;
      shown_ = false;
    }
  }

  bool quiet_;
  bool live_;
  bool shown_ = false;
  std::map<std::string, std::pair<std::size_t, std::size_t>> totals_;
};

/// The set's dialects, each on what this machine has; MySQL's files are for MariaDB too.
std::vector<VerifyTarget> default_targets(const CommandContext& context, const MigrationFolder& folder) {
  std::vector<VerifyTarget> targets;
  const auto has = [&](const std::string& flavour) {
    return can_verify_on(context.dialects->for_flavour(flavour), flavour);
  };
  for (const std::string& dialect : folder.dialects) {
    VerifyTarget target;
    target.flavour = dialect;
    if (dialect == "mysql" && !has("mysql") && has("mariadb")) {
      target.flavour = "mariadb";
      if (!context.quiet) {
        std::cerr << "note: no MySQL server is found, MariaDB stands for it; name both with --on\n";
      }
    }
    const bool there = std::any_of(targets.begin(), targets.end(),
                                   [&](const VerifyTarget& each) { return each.flavour == target.flavour; });
    if (!there) {
      targets.push_back(target);
    }
    if (dialect == "mysql" && target.flavour == "mysql" && has("mariadb")) {
      target.flavour = "mariadb";
      targets.push_back(target);
    }
  }
  return targets;
}

std::vector<std::string> split_at_commas(const std::vector<std::string>& words) {
  std::vector<std::string> all;
  for (const std::string& word : words) {
    std::istringstream stream(word);
    for (std::string part; std::getline(stream, part, ',');) {
      if (!part.empty()) {
        all.push_back(part);
      }
    }
  }
  return all;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    throw Error(ErrorKind::files, "cannot write " + path);
  }
}

VerifyOptions options_of(const CommandContext& context, const VerifyWords& words) {
  VerifyOptions options = words.options;
  const Settings settings = context.settings();
  options.migrator = context.migrator_options();
  const MigrationFolder folder = read_folder(options.migrator.folder);
  const std::vector<std::string> on = split_at_commas(words.on.empty() ? settings.verify.engines : words.on);
  options.targets = on.empty() ? default_targets(context, folder) : parse_targets(on, *context.dialects);
  options.prepare = settings.verify.prepare;
  options.rows_file = settings.verify.rows;
  options.rows = !words.no_rows;
  options.parity = !words.no_parity;
  options.allowances = settings.parity.allow;
  if (!words.from.empty()) {
    options.from = version_argument(words.from, false);
  }
  if (!words.only.empty()) {
    options.only = version_argument(words.only, false);
  }
  const auto has_version = [&](const auto& wanted) {
    return std::any_of(folder.files.begin(), folder.files.end(),
                       [&](const MigrationFile& file) { return wanted(file.name.version); });
  };
  if (options.only && !has_version([&](Version each) { return each == *options.only; })) {
    throw Error(ErrorKind::usage, "there is no version " + std::to_string(*options.only));
  }
  if (options.from && !has_version([&](Version each) { return each >= *options.from; })) {
    throw Error(ErrorKind::usage, "there is no version " + std::to_string(*options.from) + " or above");
  }
  return options;
}

ExitCode run_verify(const CommandContext& context, const VerifyWords& words) {
  const VerifyOptions options = options_of(context, words);
  VerifyReport report;
  {
    VerifyProgress progress(context.quiet || context.is_json(), ::isatty(STDERR_FILENO) != 0);
    report = verify(*context.dialects, options, progress);
  }
  std::cout << (context.is_json()
                    ? json_text(verify_document(report))
                    : verify_text(report, context.verbose, Palette::for_descriptor(STDOUT_FILENO)));
  if (const char* github = std::getenv("GITHUB_ACTIONS"); github != nullptr && !context.is_json()) {
    std::cout << annotations_text(report);
  }
  std::cout << std::flush;
  if (!words.junit.empty()) {
    write_file(words.junit, junit_text(report));
  }
  if (!words.tap.empty()) {
    write_file(words.tap, tap_text(report));
  }
  if (!words.html.empty()) {
    write_file(words.html, html_text(report));
  }
  return report.ok() ? ExitCode::done : ExitCode::findings;
}

}  // namespace

void add_verify_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<VerifyWords>();
  CLI::App* command = add_command(
      app, context, "verify", "Prove the set: every version up, down and up again, on throw-away servers",
      "  toolkit verify                                    every dialect of the set, on what is installed\n"
      "  toolkit verify --on postgresql,sqlite\n"
      "  toolkit verify --on postgresql:/usr/lib/postgresql/15/bin --on mysql://root@host/\n"
      "  toolkit verify --on mysql:compose                 in a container\n"
      "  toolkit verify --from 40                          prove what is new\n"
      "  toolkit verify --junit verify.xml --tap verify.tap\n"
      "\n"
      "Compared are the schema before and after each version, and at the end the fresh schema\n"
      "(schema.<dialect>.sql beside the migrations) with the migrated one, and the engines with each other\n"
      "(docs/parity.md). What may differ stands in toolkit.toml: see 'toolkit parity --help'. Exit code 0 "
      "only when all holds,\n"
      "3 when something does not. Servers are started in a folder of their own and gone afterwards.\n",
      [words, &context] { return run_verify(context, *words); });
  command
      ->add_option("--on", words->on,
                   "Engines, separated by commas: NAME, NAME:FOLDER of its programs, NAME:compose, "
                   "or the URL of a server")
      ->allow_extra_args(false);
  command->add_option("--from", words->from, "Prove from this version on; those below only go up");
  command->add_option("--only", words->only, "Prove only this version")->excludes("--from");
  command->add_option("--junit", words->junit, "Write the result as JUnit XML");
  command->add_option("--tap", words->tap, "Write the result as TAP");
  command->add_option("--report", words->html, "Write the result as one HTML page");
  command->add_option("--jobs", words->options.jobs, "Engines at once (all)")->check(CLI::Range(1, 64));
  command->add_option("--seed", words->options.seed, "Of the sample rows (1)");
  command->add_flag("--no-rows", words->no_rows, "Put no sample rows in");
  command->add_flag(
      "--disposable", words->options.disposable,
      "A server named by its URL may be changed beyond verify's own databases (roles, settings)");
  command->add_flag("--no-parity", words->no_parity, "Do not hold the engines against each other");
  command->add_flag("--strict", words->options.strict, "Column order and generated names fail too");
  command->add_flag("--sqlite-drop-column", words->options.sqlite_drop_column,
                    "Run downs that drop a column on SQLite (3.35 or newer)");
  command->add_flag("--keep", words->options.keep, "Leave the databases and print their URLs");
}

}  // namespace toolkit::cli
