#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "engine.hpp"
#include "toolkit/dialect_names.hpp"

namespace toolkit::testing {

namespace {

constexpr const char* variable = "TOOLKIT_TEST_ENGINES";

std::vector<std::string> words_of_variable() {
  const char* value = std::getenv(variable);
  std::istringstream list(value == nullptr ? "" : value);
  std::vector<std::string> words;
  for (std::string word; std::getline(list, word, ',');) {
    const std::size_t begin = word.find_first_not_of(" \t");
    if (begin != std::string::npos) {
      words.push_back(word.substr(begin, word.find_last_not_of(" \t") - begin + 1));
    }
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

std::string name_of(const VerifyTarget& target) {
  return target.label.empty() ? target.flavour : target.label;
}

/// What this process knows of engines.
struct Process {
  std::mutex mutex;
  int id = ::getpid();
  std::map<std::string, std::shared_ptr<Engine>> engines;
  std::map<std::string, bool> can_start;  ///< asking a program for its version takes a moment
  std::set<std::string> told;
};

Process& process() {
  static_cast<void>(dialects());  // made before, so gone after it
  static Process all;
  return all;
}

void tell_once(const std::string& line) {
  if (process().told.insert(line).second) {
    std::cerr << "toolkit: " + line + "\n";
  }
}

bool can_start(const VerifyTarget& target) {
  const std::string key = target.flavour + "\n" + target.programs;
  const auto known = process().can_start.find(key);
  if (known != process().can_start.end()) {
    return known->second;
  }
  SandboxOptions options;
  options.programs = target.programs;
  return process().can_start[key] =
             dialects().for_flavour(target.flavour).has_sandbox(target.flavour, options);
}

/// Somebody asked for it: then a container will do.
bool can_contain(const VerifyTarget& target) {
  return (target.programs.empty() || target.programs == "compose") &&
         can_verify_on(dialects().for_flavour(target.flavour), target.flavour);
}

/// Those that must be there. Throws Error(server) for the first that is not, and says who asked for it.
std::vector<VerifyTarget> required(const std::vector<std::string>& words, const std::string& who) {
  std::vector<VerifyTarget> targets = parse_targets(words, dialects());
  for (const VerifyTarget& target : targets) {
    static_cast<void>(dialects().for_flavour(target.flavour));
    if (!target.server && !can_start(target) && !can_contain(target)) {
      throw Error(ErrorKind::server,
                  who + " for " + name_of(target) + ", and no server of it can be started here" +
                      (target.programs.empty() ? "" : ": its programs are not in " + target.programs),
                  "install its server, name the folder of its programs (" + target.flavour +
                      ":/opt/server/bin) or a server by its URL, or choose others with " + variable);
    }
  }
  return targets;
}

std::vector<std::string> names_of(const std::vector<VerifyTarget>& targets) {
  std::vector<std::string> names;
  std::transform(targets.begin(), targets.end(), std::back_inserter(names), name_of);
  return names;
}

/// What is built in, in the order of output.
std::vector<std::string> built_in(std::vector<std::string>& left_out) {
  std::vector<std::string> flavours;
  for (const DialectName& known : known_dialect_names()) {
    try {
      static_cast<void>(dialects().for_flavour(known.name));
      flavours.push_back(known.name);
    } catch (const Error&) {
      left_out.push_back(known.name + " (not in this build)");
    }
  }
  return flavours;
}

std::vector<std::string> those_here() {
  std::vector<std::string> left_out;
  std::vector<std::string> here;
  for (const std::string& flavour : built_in(left_out)) {
    if (can_start({flavour, {}, {}, {}})) {
      here.push_back(flavour);
    } else {
      left_out.push_back(flavour + " (no server programs here)");
    }
  }
  if (!left_out.empty()) {
    tell_once("tests do not run on " + joined(left_out));
  }
  return here;
}

/// A test says `postgresql` and means the one that the variable names.
VerifyTarget target_called(const std::string& name) {
  VerifyTarget asked = parse_targets({name}, dialects()).front();
  for (VerifyTarget& target : parse_targets(words_of_variable(), dialects())) {
    if (name_of(target) == name || (asked.label.empty() && target.flavour == asked.flavour)) {
      return target;
    }
  }
  return asked;
}

}  // namespace

const Registry& dialects() {
  static const Registry all = builtin_dialects();
  return all;
}

std::shared_ptr<Engine> engine_called(const std::string& name) {
  const std::lock_guard guard(process().mutex);
  if (process().id != ::getpid()) {  // a child made by fork: it has its own
    process().engines.clear();
    process().id = ::getpid();
  }
  std::shared_ptr<Engine>& engine = process().engines[name];
  if (engine == nullptr) {
    try {
      const VerifyTarget target = target_called(name);
      std::shared_ptr<Engine>& same = process().engines[name_of(target)];
      if (same == nullptr) {
        same = std::make_shared<Engine>(target, dialects().for_flavour(target.flavour));
      }
      engine = same;
    } catch (...) {
      std::erase_if(process().engines, [](const auto& entry) { return entry.second == nullptr; });
      throw;
    }
  }
  return engine;
}

std::vector<std::string> engines() {
  const std::lock_guard guard(process().mutex);
  const std::vector<std::string> words = words_of_variable();
  return words.empty() ? those_here() : names_of(required(words, std::string(variable) + " asks"));
}

std::vector<std::string> engines(const std::vector<std::string>& supported) {
  const std::lock_guard guard(process().mutex);
  const std::vector<std::string> words = words_of_variable();
  if (words.empty()) {
    return names_of(required(supported, "the test asks"));
  }
  std::vector<VerifyTarget> chosen = required(words, std::string(variable) + " asks");
  const std::vector<VerifyTarget> all = parse_targets(supported, dialects());
  std::vector<std::string> left_out;
  for (const VerifyTarget& target : all) {
    const auto is_same = [&](const VerifyTarget& each) { return each.flavour == target.flavour; };
    if (std::none_of(chosen.begin(), chosen.end(), is_same)) {
      left_out.push_back(name_of(target));
    }
  }
  std::erase_if(chosen, [&](const VerifyTarget& each) {
    return std::none_of(all.begin(), all.end(),
                        [&](const VerifyTarget& target) { return each.flavour == target.flavour; });
  });
  if (!left_out.empty()) {
    tell_once("tests do not run on " + joined(left_out) + ": " + variable + " leaves it out");
  }
  return names_of(chosen);
}

}  // namespace toolkit::testing
