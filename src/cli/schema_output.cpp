#include "schema_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "output.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

namespace fs = std::filesystem;

std::string side_text(const std::string& name, const ReadSchema& side) {
  std::string more = side.server;
  if (side.count > 0) {
    more += (more.empty() ? "" : ", ") + std::to_string(side.count) +
            (side.count == 1 ? " version" : " versions") + ", newest " + std::to_string(side.version);
  }
  return name + side.source + (more.empty() ? "" : " (" + more + ")") + "\n";
}

nlohmann::ordered_json side_json(const ReadSchema& side) {
  return {{"source", side.source},
          {"server", side.server},
          {"version", side.version == 0 ? nlohmann::ordered_json(nullptr)
                                        : nlohmann::ordered_json(std::to_string(side.version))}};
}

std::string number_of(std::size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

Error cannot_write(const std::string& path, int number) {
  return {ErrorKind::files, "cannot write " + path + ": " + std::strerror(number)};
}

void write_stream(const std::string& path, const std::string& text, const std::string& shown) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    throw cannot_write(shown, errno == 0 ? EIO : errno);
  }
}

}  // namespace

std::string comparison_text(const SchemaComparison& comparison, const Traits& traits, bool strict,
                            const Palette& palette) {
  std::string text =
      side_text("expected: ", comparison.expected) + side_text("actual:   ", comparison.actual);
  for (const std::string& note : comparison.notes) {
    text += "note: " + note + "\n";
  }
  for (const Difference& difference : comparison.differences) {
    const bool is_note = !counts(difference, traits, strict);
    text += (is_note ? "note: " : palette.bad("difference: ")) + describe(difference) + "\n";
  }
  const std::size_t notes = comparison.differences.size() - comparison.counted;
  if (comparison.counted == 0) {
    return text + "equal" + (notes == 0 ? "" : " but for " + number_of(notes, "note")) + "\n";
  }
  return text + "not equal: " + number_of(comparison.counted, "difference") +
         (notes == 0 ? "" : ", " + number_of(notes, "note")) + "\n";
}

nlohmann::ordered_json comparison_document(const SchemaComparison& comparison) {
  auto differences = nlohmann::ordered_json::array();
  for (const Difference& difference : comparison.differences) {
    differences.push_back(difference_json(difference));
  }
  return {{"format", 1},
          {"ok", comparison.counted == 0},
          {"dialect", comparison.actual.dialect},
          {"expected", side_json(comparison.expected)},
          {"actual", side_json(comparison.actual)},
          {"notes", comparison.notes},
          {"differences", differences}};
}

ExitCode print_comparison(const CommandContext& context, const SchemaComparison& comparison, bool strict) {
  const Traits& traits = context.dialects->for_flavour(comparison.actual.dialect).traits();
  std::cout << (context.is_json()
                    ? json_text(comparison_document(comparison))
                    : comparison_text(comparison, traits, strict, Palette::for_descriptor(STDOUT_FILENO)));
  return comparison.counted == 0 ? ExitCode::done : ExitCode::findings;
}

void write_whole_file(const std::string& path, const std::string& text) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    write_stream(path, text, path);  // a device or a pipe
    return;
  }
  const std::string beside = path + ".new";
  std::error_code ignored;
  try {
    write_stream(beside, text, path);
  } catch (const Error&) {
    fs::remove(beside, ignored);
    throw;
  }
  fs::rename(beside, path, failure);
  if (failure) {
    fs::remove(beside, ignored);
    throw cannot_write(path, failure.value());
  }
}

SchemaOptions schema_options(const CommandContext& context, const Settings& settings, const std::string& on) {
  SchemaOptions options;
  options.migrator = settings.migrator;
  options.migrator.stop = context.stop;
  options.prepare = settings.verify.prepare;
  if (!on.empty()) {
    options.on = parse_targets({on}, *context.dialects).front();
  }
  return options;
}

}  // namespace toolkit::cli
