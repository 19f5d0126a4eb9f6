#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"
#include "toolkit/dialect_names.hpp"
#include "toolkit/error.hpp"

namespace toolkit::cli {

namespace {

struct ListOptions {
  bool resolve = false;
  std::string dialect;
};

std::vector<std::string> dialects_of(const MigrationFolder& folder, const ListOptions& options) {
  if (options.dialect.empty()) {
    return folder.dialects;
  }
  const auto name = dialect_name_of(options.dialect);
  if (!name) {
    throw Error(ErrorKind::usage, "unknown dialect '" + options.dialect + "'",
                "known are: postgresql, mysql, mariadb, sqlite");
  }
  return {*name};
}

std::string base_names(const std::vector<MigrationFile>& files) {
  std::string list;
  for (const MigrationFile& file : files) {
    list += (list.empty() ? "" : ", ") + file.path.substr(file.path.rfind('/') + 1);
  }
  return list;
}

nlohmann::ordered_json paths(const std::vector<MigrationFile>& files) {
  auto list = nlohmann::ordered_json::array();
  for (const MigrationFile& file : files) {
    list.push_back(file.path);
  }
  return list;
}

/// The first file of each version, in order.
std::vector<FileName> versions_of(const MigrationFolder& folder) {
  std::vector<FileName> versions;
  for (const MigrationFile& file : folder.files) {
    if (versions.empty() || versions.back().version != file.name.version) {
      versions.push_back(file.name);
    }
  }
  return versions;
}

void print_text(const MigrationFolder& folder, const ListOptions& options) {
  const std::vector<std::string> dialects = dialects_of(folder, options);
  for (const FileName& version : versions_of(folder)) {
    std::cout << version.digits << "_" << version.name << "\n";
    if (!options.resolve) {
      continue;
    }
    for (const std::string& dialect : dialects) {
      for (const Direction direction : {Direction::up, Direction::down}) {
        const Choice choice = choose_files(folder, dialect, version.version, direction);
        std::cout << "  " << dialect << std::string(12 - dialect.size(), ' ') << to_string(direction)
                  << (direction == Direction::up ? "    " : "  ") << base_names(choice.files) << "\n";
      }
    }
  }
}

nlohmann::ordered_json document(const MigrationFolder& folder, const ListOptions& options) {
  const std::vector<std::string> dialects = dialects_of(folder, options);
  auto migrations = nlohmann::ordered_json::array();
  for (const FileName& version : versions_of(folder)) {
    nlohmann::ordered_json files = nlohmann::ordered_json::object();
    for (const std::string& dialect : dialects) {
      for (const Direction direction : {Direction::up, Direction::down}) {
        const Choice choice = choose_files(folder, dialect, version.version, direction);
        files[dialect][std::string(to_string(direction))] = {{"level", choice.level},
                                                             {"files", paths(choice.files)}};
      }
    }
    migrations.push_back(
        {{"version", std::to_string(version.version)}, {"name", version.name}, {"files", files}});
  }
  return {{"format", 1}, {"dialects", dialects}, {"migrations", migrations}};
}

}  // namespace

void add_list_command(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = add_command(app, context, "list", "List the folder's versions; needs no database",
                                  "  toolkit list                versions and names\n"
                                  "  toolkit list --resolve      which files each dialect uses\n"
                                  "  toolkit list --resolve --dialect mariadb\n",
                                  [options, &context] {
                                    const MigrationFolder folder =
                                        read_folder(context.settings().migrator.folder);
                                    if (context.is_json()) {
                                      std::cout << json_text(document(folder, *options));
                                    } else {
                                      print_text(folder, *options);
                                    }
                                    return ExitCode::done;
                                  });
  command->add_flag("--resolve", options->resolve,
                    "Show the files that each dialect uses (exact > fallback > shared)");
  command->add_option("--dialect", options->dialect, "Only this one: postgresql, mysql, mariadb or sqlite");
}

}  // namespace toolkit::cli
