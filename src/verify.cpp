#include "toolkit/verify.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

#include "toolkit/dialect_names.hpp"
#include "toolkit/error.hpp"
#include "verify_engine.hpp"
#include "verify_parity.hpp"
#include "verify_workplace.hpp"

namespace toolkit {

namespace {

/// Runs the targets, some at once, each in a thread of its own; the first that throws ends the verification.
class Engines {
 public:
  Engines(const Registry& dialects, const VerifyOptions& options, VerifyObserver& observer)
      : dialects_(dialects), options_(options), observer_(observer), reports_(options.targets.size()) {}

  std::vector<EngineReport> run() {
    const std::size_t wanted = options_.jobs > 0 ? static_cast<std::size_t>(options_.jobs) : SIZE_MAX;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(wanted, options_.targets.size()); ++i) {
      threads.emplace_back([this] { work(); });
    }
    threads.clear();
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    return std::move(reports_);
  }

 private:
  void work() {
    for (std::size_t index = take(); index < options_.targets.size(); index = take()) {
      try {
        reports_[index] = verify_target(options_.targets[index]);
      } catch (...) {
        const std::lock_guard guard(mutex_);
        failure_ = failure_ ? failure_ : std::current_exception();
      }
    }
  }

  std::size_t take() {
    const std::lock_guard guard(mutex_);
    return next_++;
  }

  EngineReport verify_target(const VerifyTarget& target) {
    const std::string name = target.label.empty() ? target.flavour : target.label;
    const VerifyVoice voice{[&](const std::string& server, std::size_t versions) {
                              const std::lock_guard guard(mutex_);
                              observer_.began(name, server, versions);
                            },
                            [&](const Check& check) {
                              const std::lock_guard guard(mutex_);
                              observer_.checked(name, check);
                            },
                            [&](const std::string& text) {
                              const std::lock_guard guard(mutex_);
                              observer_.note(name, text);
                            }};
    return verify_engine(dialects_.for_flavour(target.flavour), target, options_, voice);
  }

  const Registry& dialects_;
  const VerifyOptions& options_;
  VerifyObserver& observer_;
  std::vector<EngineReport> reports_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::exception_ptr failure_;
};

VerifyTarget target_of(const std::string& word, const Registry& dialects) {
  if (word.find("://") != std::string::npos || word.starts_with("sqlite:")) {
    VerifyTarget target;
    target.server = parse_url(word);
    target.flavour = dialects.for_url(*target.server).traits().flavours.front();
    target.label = target.server->display();
    return target;
  }
  const std::size_t colon = word.find(':');
  const std::string name = word.substr(0, colon);
  const std::optional<std::string> flavour = dialect_name_of(name);
  if (!flavour) {
    throw Error(ErrorKind::usage, "'" + name + "' is no engine",
                "engines are postgresql, mysql, mariadb and sqlite; one with its programs is "
                "postgresql:/usr/lib/postgresql/15/bin, one that runs already is its URL");
  }
  VerifyTarget target;
  target.flavour = *flavour;
  if (colon != std::string::npos) {
    target.programs = word.substr(colon + 1);
    target.label = word;
  }
  return target;
}

}  // namespace

bool EngineReport::ok() const {
  return std::none_of(checks.begin(), checks.end(),
                      [](const Check& check) { return check.result == CheckResult::fail; });
}

bool VerifyReport::ok() const {
  const bool is_parity = !parity || parity->result != CheckResult::fail;
  return is_parity &&
         std::all_of(engines.begin(), engines.end(), [](const EngineReport& engine) { return engine.ok(); });
}

bool can_verify_on(const Dialect& dialect, const std::string& flavour) {
  return dialect.has_sandbox(flavour, {}) || (image_for(flavour) != nullptr && has_compose());
}

std::vector<VerifyTarget> parse_targets(const std::vector<std::string>& words, const Registry& dialects) {
  std::vector<VerifyTarget> targets;
  for (const std::string& word : words) {
    targets.push_back(target_of(word, dialects));
    const auto same = [&](const VerifyTarget& each) {
      return each.flavour == targets.back().flavour && each.label == targets.back().label;
    };
    if (std::count_if(targets.begin(), targets.end(), same) > 1) {
      throw Error(ErrorKind::usage, "'" + word + "' is named twice");
    }
  }
  return targets;
}

VerifyReport verify(const Registry& dialects, const VerifyOptions& options, VerifyObserver& observer) {
  const MigrationFolder folder = read_folder(options.migrator.folder);
  for (const VerifyTarget& target : options.targets) {
    if (!target.server) {  // what stands against the files is known without one
      static_cast<void>(load_set(
          folder, target.flavour,
          dialects.for_flavour(target.flavour).script_syntax(target.flavour, options.migrator.sql_mode)));
    }
    for (const std::string& file : {options.prepare, options.rows_file}) {
      if (!file.empty()) {
        static_cast<void>(file_for(file, target.flavour, dialects.for_flavour(target.flavour).traits()));
      }
    }
  }
  VerifyReport report;
  report.engines = Engines(dialects, options, observer).run();
  if (std::any_of(report.engines.begin(), report.engines.end(),
                  [](const EngineReport& engine) { return engine.is_held; })) {
    report.holder = hold_kept_servers();
  }
  if (options.parity) {
    report.parity = verify_parity(dialects, report.engines, options);
  }
  return report;
}

}  // namespace toolkit
