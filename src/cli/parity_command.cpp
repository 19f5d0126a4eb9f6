#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "command_context.hpp"
#include "output.hpp"
#include "parity_output.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

constexpr std::uintmax_t largest_snapshot = 64U << 20U;

/// One side, and what stands for it in the first lines.
struct Source {
  ParitySide side;
  std::string shown;
};

bool is_url(const std::string& word) {
  return word.find("://") != std::string::npos || word.starts_with("sqlite:");
}

Source read_snapshot(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) {
    throw Error(ErrorKind::usage, "'" + redact_urls(path) + "' is neither a URL nor a file",
                "a URL looks like sqlite:app.db or postgresql://user@host/database; a file is a snapshot, "
                "whose first line is 'catalog 1 DIALECT'");
  }
  Source source;
  source.side.catalog = read_catalog_text(read_file(path, largest_snapshot), path);
  source.side.label = source.side.catalog.dialect;
  source.shown = path;
  return source;
}

std::vector<Source> read_sources(const CommandContext& context, const std::vector<std::string>& words) {
  const MigratorOptions options = context.migrator_options();
  // What is wrong with a word is told before any server is asked.
  for (const std::string& word : words) {
    if (is_url(word)) {
      context.dialects->for_url(parse_url(word));
    }
  }
  std::vector<Source> sources;
  for (const std::string& word : words) {
    if (is_url(word)) {
      const DatabaseUrl url = parse_url(word);
      sources.push_back({read_parity_side(*context.dialects, url, options), url.display()});
    } else {
      sources.push_back(read_snapshot(word));
    }
  }
  return sources;
}

/// Two of one flavour are told apart by where they are.
std::vector<ParitySide> sides_of(std::vector<Source> sources) {
  std::vector<std::string> labels;
  labels.reserve(sources.size());
  for (const Source& source : sources) {
    labels.push_back(source.side.label);
  }
  std::vector<ParitySide> sides;
  for (Source& source : sources) {
    if (std::count(labels.begin(), labels.end(), source.side.label) > 1) {
      source.side.label = source.shown;
    }
    sides.push_back(std::move(source.side));
  }
  return sides;
}

nlohmann::ordered_json parity_document(const std::vector<ParitySide>& sides, const ParityReport& report) {
  auto listed = nlohmann::ordered_json::array();
  for (const ParitySide& side : sides) {
    listed.push_back({{"name", side.label},
                      {"dialect", side.catalog.dialect},
                      {"server", side.catalog.server},
                      {"has_history", side.has_history}});
  }
  nlohmann::ordered_json document = {{"format", 1}, {"ok", report.ok()}, {"databases", listed}};
  document.update(parity_json(report));
  return document;
}

ExitCode run_parity(const CommandContext& context, const std::vector<std::string>& words) {
  if (words.size() < 2) {
    throw Error(ErrorKind::usage, "parity needs two databases or more",
                "such as: toolkit parity postgresql://localhost/app sqlite:app.db");
  }
  std::vector<Source> sources = read_sources(context, words);
  if (!context.quiet && !context.is_json()) {
    for (const Source& source : sources) {
      std::cout << source.side.label << ": "
                << (source.side.catalog.server.empty() ? "" : source.side.catalog.server + ", ")
                << source.shown << "\n";
    }
  }
  const std::vector<ParitySide> sides = sides_of(std::move(sources));
  std::vector<ParityAllowance> allowances = context.settings().parity.allow;
  std::erase_if(allowances, [&](const ParityAllowance& each) { return !concerns(each, sides); });
  const ParityReport report = compare_sides(sides, allowances);
  if (context.is_json()) {
    std::cout << json_text(parity_document(sides, report));
  } else {
    std::cout << parity_findings_text(report, Palette::for_descriptor(STDOUT_FILENO))
              << parity_sentence(report);
  }
  return report.ok() ? ExitCode::done : ExitCode::findings;
}

}  // namespace

void add_parity_command(CLI::App& app, CommandContext& context) {
  auto words = std::make_shared<std::vector<std::string>>();
  CLI::App* command = add_command(
      app, context, "parity", "Compare databases of different dialects: do they hold the same schema?",
      "  toolkit parity postgresql://localhost/app mysql://localhost/app sqlite:app.db\n"
      "  toolkit parity expected.catalog sqlite:app.db     a snapshot in a file stands for a database\n"
      "  toolkit parity --format json URL URL\n"
      "\n"
      "Each is held against the first one, after types are mapped to classes: docs/parity.md is the table "
      "of\n"
      "what counts as equal. Where both have a history, the applied versions are compared too. A difference\n"
      "that is meant is allowed in toolkit.toml, with its reason:\n"
      "\n"
      "  [[parity.allow]]\n"
      "  item = \"table traces, index traces_attributes_idx\"     OBJECT, OBJECT: RULE, or RULE; * is a\n"
      "  dialects = [\"postgresql\"]                              wildcard; dialects may be left out\n"
      "  reason = \"only PostgreSQL indexes what is inside of JSON\"\n"
      "\n"
      "Only reads. Exit code 0 when all agree, 3 when something differs or an allowance is not needed any\n"
      "more, 1 when a server cannot be read.\n",
      [words, &context] { return run_parity(context, *words); });
  command->add_option("DATABASE", *words, "URLs or snapshot files, two or more; the first is the reference");
}

}  // namespace toolkit::cli
