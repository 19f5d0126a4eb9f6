#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command_context.hpp"
#include "output.hpp"
#include "toolkit/error.hpp"
#include "toolkit/version.hpp"

namespace toolkit::cli {

namespace {

enum class Health { ok, warning, failure, skipped };

struct Finding {
  std::string subject;
  Health health = Health::ok;
  std::string message;
  std::string advice;
};

std::string_view word_of(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::failure:
      return "failure";
    case Health::skipped:
      return "skipped";
  }
  return "failure";
}

/// Runs checks one after the other; what one finds never hides the next.
class Examination {
 public:
  template <typename Check>
  bool examine(const std::string& subject, Check check) {
    try {
      findings_.push_back({subject, Health::ok, check(), {}});
      return true;
    } catch (const Error& failure) {
      findings_.push_back({subject, Health::failure, failure.what(), failure.details().advice});
      worst_ = worst_ == ExitCode::done ? exit_code_of(failure.kind()) : worst_;
      return false;
    }
  }
  void add(Finding finding) { findings_.push_back(std::move(finding)); }
  const std::vector<Finding>& findings() const { return findings_; }
  ExitCode worst() const { return worst_; }

 private:
  std::vector<Finding> findings_;
  ExitCode worst_ = ExitCode::done;
};

std::string built_in_dialects(const Registry& dialects) {
  std::string list;
  for (const auto& dialect : dialects.all()) {
    list += (list.empty() ? "" : ", ") + dialect->traits().name;
  }
  return list;
}

std::string folder_text(const Settings& settings) {
  const MigrationFolder folder = read_folder(settings.migrator.folder);
  std::string dialects;
  for (const std::string& name : folder.dialects) {
    dialects += (dialects.empty() ? "" : ", ") + name;
  }
  return std::to_string(folder.files.size()) + " files in " + settings.migrator.folder.path + " for " +
         dialects;
}

void examine_files(const CommandContext& context, const Settings& settings, Examination& examination) {
  for (const auto& dialect : context.dialects->all()) {
    for (const std::string& flavour : dialect->traits().flavours) {
      const MigrationFolder folder = read_folder(settings.migrator.folder);
      if (std::find(folder.dialects.begin(), folder.dialects.end(), flavour) == folder.dialects.end()) {
        continue;
      }
      examination.examine("files for " + flavour, [&] {
        const ScriptSyntax syntax = dialect->script_syntax(flavour, settings.migrator.sql_mode);
        const std::size_t count = load_set(folder, flavour, syntax).migrations.size();
        return std::to_string(count) + (count == 1 ? " version" : " versions") + ", every statement scanned";
      });
    }
  }
}

std::string history_text(const StatusReport& status) {
  if (!status.has_history) {
    return "there is none yet; the first 'toolkit up' makes it";
  }
  for (const Problem& problem : status.problems) {
    throw error_of(problem);
  }
  return "current version " + std::to_string(status.current) + ", nothing wrong";
}

/// What the promises rest on: settings of the server, and whether locks can be trusted.
void examine_server(Migrator& migrator, Examination& examination) {
  std::vector<ServerNote> notes;
  const bool answered = examination.examine("server", [&] {
    notes = migrator.inspect();
    return notes.empty() ? std::string("its settings keep what is committed")
                         : std::to_string(notes.size()) + " to know of, below";
  });
  for (const ServerNote& note : notes) {
    examination.add({note.subject, Health::warning, note.message, note.advice});
  }
  if (!answered) {
    return;
  }
  LockState lock;
  examination.examine("lock", [&] {
    lock = migrator.lock_state();
    return lock.holder ? "held by " + describe(*lock.holder) : std::string("free");
  });
  if (!lock.doubt.empty()) {
    examination.add({"lock", Health::warning, lock.doubt, lock.way_out});
  }
}

void examine_database(const CommandContext& context, const Settings& settings, Examination& examination) {
  if (!settings.database) {
    examination.add(
        {"database", Health::skipped, "no URL is configured", "give --database URL to look at one"});
    return;
  }
  MigratorOptions options = context.migrator_options();
  options.read_only = true;
  Migrator migrator(*context.dialects, *settings.database, std::move(options));
  const bool connected = examination.examine("connection", [&] {
    const ServerInfo& server = migrator.server();
    return settings.database->display() + " (from " + settings.database_origin + "): " + server.product +
           " " + server.version;
  });
  if (!connected) {
    return;
  }
  if (!migrator.server().warning.empty()) {
    examination.add({"server version", Health::warning, migrator.server().warning, {}});
  }
  examination.examine("history", [&] { return history_text(migrator.status()); });
  examine_server(migrator, examination);
}

void print_text(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    std::cout << word_of(finding.health) << std::string(9 - word_of(finding.health).size(), ' ')
              << finding.subject << ": " << finding.message << "\n";
    if (!finding.advice.empty()) {
      std::cout << "         " << finding.advice << "\n";
    }
  }
}

ExitCode examine_all(const CommandContext& context) {
  Examination examination;
  examination.add({"toolkit",
                   Health::ok,
                   std::string(tool_version) + ", dialects: " + built_in_dialects(*context.dialects),
                   {}});
  Settings settings;
  const bool configured = examination.examine("settings", [&] {
    settings = context.settings();
    return settings.config_path.empty() ? std::string("no toolkit.toml, defaults are used")
                                        : "from " + settings.config_path;
  });
  if (configured && examination.examine("migrations", [&] { return folder_text(settings); })) {
    examine_files(context, settings, examination);
    examine_database(context, settings, examination);
  }
  if (context.is_json()) {
    auto list = nlohmann::ordered_json::array();
    for (const Finding& finding : examination.findings()) {
      list.push_back({{"subject", finding.subject},
                      {"health", word_of(finding.health)},
                      {"message", finding.message},
                      {"advice", finding.advice}});
    }
    std::cout << json_text({{"format", 1}, {"findings", list}});
  } else {
    print_text(examination.findings());
  }
  return examination.worst();
}

}  // namespace

void add_doctor_command(CLI::App& app, CommandContext& context) {
  add_command(app, context, "doctor", "Check settings, files, connection and history; never writes",
              "  toolkit doctor                              settings and files\n"
              "  toolkit doctor --database sqlite:app.db     and that database\n",
              [&context] { return examine_all(context); });
}

}  // namespace toolkit::cli
