#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <tuple>

#include "toolkit/dialect_names.hpp"
#include "toolkit/error.hpp"
#include "toolkit/migration_set.hpp"
#include "toolkit/renumber.hpp"

namespace toolkit {

namespace {

namespace fs = std::filesystem;

Error folder_error(const std::string& path, const std::string& message, std::string advice = {}) {
  ErrorDetails details;
  details.kind = ErrorKind::files;
  details.message = message;
  details.position.path = path;
  details.advice = std::move(advice);
  return Error(std::move(details));
}

std::string base_name(const std::string& path) { return fs::path(path).filename().string(); }

std::vector<std::string> names_in(const std::string& path) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (status.type() == fs::file_type::not_found) {
    throw folder_error(path, "no such migrations folder",
                       "create it, or name another one with --migrations DIR");
  }
  if (failure) {
    throw folder_error(path, "cannot read the migrations folder: " + failure.message());
  }
  if (status.type() != fs::file_type::directory) {
    throw folder_error(path, "this is not a folder", "--migrations takes the folder that holds the pairs");
  }
  std::vector<std::string> names;
  fs::directory_iterator entry(path, failure);
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    names.push_back(entry->path().filename().string());
  }
  if (failure) {
    throw folder_error(path, "cannot read the migrations folder: " + failure.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Known by the dialect's own name, whatever alias the file has; in a folder of one dialect it is that one's.
void add_reserved(const std::string& name, const std::string& path, const std::string& own_dialect,
                  MigrationFolder& into) {
  const std::size_t dot = name.find('.');
  const std::string word = name.substr(dot + 1, name.size() - dot - 1 - std::string_view("sql").size());
  const std::string dialect =
      word.empty() ? own_dialect : dialect_name_of(word.substr(0, word.size() - 1)).value_or("");
  if (!own_dialect.empty() && dialect != own_dialect) {
    throw folder_error(path, "this folder holds " + own_dialect + "'s files, the name says " + dialect);
  }
  const std::string known = name.substr(0, dot) + (dialect.empty() ? "" : "." + dialect) + ".sql";
  const auto [first, is_new] = into.reserved.emplace(known, path);
  if (!is_new) {
    throw folder_error(path, "the same file is there twice, beside " + first->second, "keep one of them");
  }
}

// `own_dialect`: the folder belongs to one dialect, its unmarked files are that dialect's own.
void read_names(const std::string& folder, const std::string& own_dialect, MigrationFolder& into) {
  for (const std::string& name : names_in(folder)) {
    const std::string path = folder + (folder.ends_with('/') ? "" : "/") + name;
    ClassifiedName classified = classify_name(name);
    if (classified.ignored) {
      continue;
    }
    if (classified.reserved) {
      add_reserved(name, path, own_dialect, into);
      continue;
    }
    if (!classified.migration) {
      throw folder_error(
          path, "this name does not fit the grammar: " + classified.problem,
          "names look like " + std::string(file_name_grammar()) +
              (classified.nearest_name.empty() ? "" : "; did you mean " + classified.nearest_name + "?"));
    }
    FileName& parsed = *classified.migration;
    if (!own_dialect.empty() && !parsed.dialect.empty() && parsed.dialect != own_dialect) {
      throw folder_error(
          path, "this folder holds " + own_dialect + "'s migrations, the name says " + parsed.dialect);
    }
    if (!own_dialect.empty()) {
      parsed.dialect = own_dialect;
    }
    into.files.push_back({parsed, path});
  }
}

auto order_of(const MigrationFile& file) {
  return std::tie(file.name.version, file.name.direction, file.name.dialect, file.name.step, file.path);
}

bool same_slot(const MigrationFile& a, const MigrationFile& b) {
  return a.name.version == b.name.version && a.name.direction == b.name.direction &&
         a.name.dialect == b.name.dialect;
}

void check_one_name_per_version(const std::vector<MigrationFile>& files) {
  const MigrationFile* first = nullptr;
  for (const MigrationFile& file : files) {
    if (first == nullptr || first->name.version != file.name.version) {
      first = &file;
    } else if (first->name.name != file.name.name || first->name.digits != file.name.digits) {
      throw folder_error(file.path,
                         "version " + std::to_string(file.name.version) +
                             " is there twice: " + base_name(first->path) + " and " + base_name(file.path),
                         "every version has one number and one name; give one of them the next free number");
    }
  }
}

void check_steps(const std::vector<MigrationFile>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool first = i == 0 || !same_slot(files[i - 1], files[i]);
    const int step = files[i].name.step;
    const int before = first ? 0 : files[i - 1].name.step;
    if (!first && (step == before)) {
      throw folder_error(files[i].path,
                         "the same file is there twice, beside " + base_name(files[i - 1].path));
    }
    if (!first && before == 0) {
      throw folder_error(files[i].path,
                         "a step stands beside " + base_name(files[i - 1].path) + ", which has no step",
                         "number all of them 1, 2, 3, …, or keep one file");
    }
    if (step != 0 && step != before + 1) {
      throw folder_error(
          files[i].path,
          "step " + std::to_string(before + 1) + " is missing before step " + std::to_string(step),
          "steps are numbered 1, 2, 3, … without gaps");
    }
  }
}

std::vector<std::string> set_dialects(const MigrationFolder& folder) {
  const auto configured = [&folder](const std::string& name) {
    return std::find(folder.options.dialects.begin(), folder.options.dialects.end(), name) !=
           folder.options.dialects.end();
  };
  std::set<std::string> named;
  for (const MigrationFile& file : folder.files) {
    if (!file.name.dialect.empty()) {
      named.insert(file.name.dialect);
    }
  }
  std::vector<std::string> chosen;
  for (const DialectName& known : known_dialect_names()) {
    // "All three" are those that no other one stands in for.
    const bool by_default = named.empty() && known.fallback.empty();
    if (folder.options.dialects.empty() ? by_default || named.count(known.name) != 0
                                        : configured(known.name)) {
      chosen.push_back(known.name);
    }
  }
  return chosen;
}

std::string wanted_file(const MigrationFolder& folder, const MigrationFile& sibling,
                        const std::string& dialect, Direction direction) {
  const bool shared = sibling.name.dialect.empty();
  const bool own_folder = folder.options.folders.count(sibling.name.dialect) != 0;
  return sibling.name.digits + "_" + sibling.name.name + (shared || own_folder ? "" : "." + dialect) + "." +
         std::string(to_string(direction)) + ".sql";
}

void check_pairs(const MigrationFolder& folder) {
  Version previous = 0;
  for (const MigrationFile& file : folder.files) {
    if (file.name.version == previous) {
      continue;
    }
    previous = file.name.version;
    for (const std::string& dialect : folder.dialects) {
      for (const Direction direction : {Direction::up, Direction::down}) {
        if (!choose_files(folder, dialect, previous, direction).files.empty()) {
          continue;
        }
        const std::string wanted = wanted_file(folder, file, dialect, direction);
        throw folder_error(
            file.path,
            "version " + file.name.digits + " has no " + std::string(to_string(direction)) + " for " +
                dialect,
            "create " + wanted +
                (direction == Direction::down
                     ? "; if there is no way back, let it hold the line '-- toolkit: irreversible REASON'"
                     : ""));
      }
    }
  }
}

}  // namespace

void check_folder(MigrationFolder& folder) {
  std::sort(folder.files.begin(), folder.files.end(),
            [](const MigrationFile& a, const MigrationFile& b) { return order_of(a) < order_of(b); });
  check_one_name_per_version(folder.files);
  check_steps(folder.files);
  folder.dialects = set_dialects(folder);
  check_pairs(folder);
}

MigrationFolder read_file_names(const FolderOptions& options) {
  MigrationFolder folder;
  folder.options = options;
  std::error_code ignored;
  if (fs::exists(options.path, ignored)) {
    read_names(options.path, {}, folder);
  }
  for (const auto& [dialect, path] : options.folders) {
    if (fs::exists(path, ignored)) {
      read_names(path, dialect, folder);
    }
  }
  return folder;
}

MigrationFolder read_folder_to_extend(const FolderOptions& options) {
  MigrationFolder folder = read_file_names(options);
  check_folder(folder);
  return folder;
}

MigrationFolder read_folder(const FolderOptions& options) {
  MigrationFolder folder;
  folder.options = options;
  std::error_code ignored;
  if (options.folders.empty() || fs::exists(options.path, ignored)) {
    read_names(options.path, {}, folder);
  }
  for (const auto& [dialect, path] : options.folders) {
    read_names(path, dialect, folder);
  }
  if (folder.files.empty()) {
    throw folder_error(options.path, "there is no migration in this folder",
                       "write the first pair, e.g. with 'toolkit generate create_users id:id name:string'");
  }
  check_folder(folder);
  return folder;
}

Choice choose_files(const MigrationFolder& folder, const std::string& dialect, Version version,
                    Direction direction) {
  const auto first =
      std::lower_bound(folder.files.begin(), folder.files.end(), version,
                       [](const MigrationFile& file, Version v) { return file.name.version < v; });
  std::string fallback;
  for (const DialectName& known : known_dialect_names()) {
    if (known.name == dialect) {
      fallback = known.fallback;
    }
  }
  for (const std::string& level : {dialect, fallback, std::string()}) {
    Choice choice{level.empty() ? "shared" : level, {}};
    for (auto file = first; file != folder.files.end() && file->name.version == version; ++file) {
      if (file->name.direction == direction && file->name.dialect == level) {
        choice.files.push_back(*file);
      }
    }
    if (!choice.files.empty()) {
      return choice;
    }
  }
  return {};
}

}  // namespace toolkit
