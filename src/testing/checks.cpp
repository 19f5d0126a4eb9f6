#include <algorithm>
#include <limits>
#include <map>

#include "../verify_checks.hpp"
#include "../verify_parity.hpp"
#include "engine.hpp"
#include "messages.hpp"

namespace toolkit::testing {

namespace {

class DeafObserver : public VerifyObserver {
 public:
  void began(const std::string&, const std::string&, std::size_t) override {}
  void checked(const std::string&, const Check&) override {}
  void note(const std::string&, const std::string&) override {}
};

enum class Depth {
  ups,   ///< every version up, and the fresh schema
  whole  ///< and down, and up again
};

/// What this process has proven.
struct Proofs {
  std::mutex mutex;
  std::map<std::string, EngineReport> reports;
};

Proofs& proofs() {
  static Proofs all;
  return all;
}

std::string key_of(const std::string& engine, Depth depth, const std::string& set) {
  return engine + (depth == Depth::whole ? "\nwhole\n" : "\nups\n") + set;
}

VerifyOptions options_of(const Migrations& migrations, Depth depth) {
  VerifyOptions options;
  options.migrator = migrations.migrator;
  options.prepare = migrations.prepare;
  options.rows_file = migrations.rows_file;
  options.rows = migrations.rows && depth == Depth::whole;
  options.strict = migrations.strict;
  options.sqlite_drop_column = migrations.sqlite_drop_column;
  options.allowances = migrations.allowances;
  options.parity = false;
  if (depth == Depth::ups) {
    options.from = std::numeric_limits<Version>::max();
  }
  return options;
}

/// The proof that is there, the deeper one too; null for none.
const EngineReport* known(const std::string& engine, Depth depth, const std::string& set) {
  for (const Depth each : {Depth::whole, depth}) {
    const auto found = proofs().reports.find(key_of(engine, each, set));
    if (found != proofs().reports.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

/// Of each engine in this order; what is not known yet is proven now, engines in parallel.
std::vector<EngineReport> prove(const Migrations& migrations, const std::vector<std::string>& engines,
                                Depth depth) {
  const std::string set = state_of(migrations);
  const std::lock_guard guard(proofs().mutex);
  VerifyOptions options = options_of(migrations, depth);
  std::vector<std::string> names;
  for (const std::string& engine : engines) {
    const std::shared_ptr<Engine> found = engine_called(engine);
    names.push_back(found->name());
    if (known(found->name(), depth, set) == nullptr) {
      options.targets.push_back(found->target());
    }
  }
  DeafObserver observer;
  for (EngineReport& report : verify(dialects(), options, observer).engines) {
    const std::string key = key_of(report.engine, depth, set);
    proofs().reports.insert_or_assign(key, std::move(report));
  }
  std::vector<EngineReport> reports;
  reports.reserve(names.size());
  for (const std::string& name : names) {
    reports.push_back(*known(name, depth, set));
  }
  return reports;
}

/// The result of `check`, or of what stands against it.
template <typename Check>
Result outcome(const std::string& what, Check check) {
  try {
    return check();
  } catch (const Error& failure) {
    return impossible(what, sentence_of(failure));
  }
}

}  // namespace

Result check_round_trip(const Migrations& migrations, const std::string& engine,
                        std::optional<Version> version) {
  const std::string of = version ? " of version " + std::to_string(*version) : "";
  return outcome("round trip" + of + " on " + engine, [&] {
    return round_trip_result(prove(migrations, {engine}, Depth::whole).front(), version);
  });
}

Result check_fresh(const Migrations& migrations, const std::string& engine) {
  return outcome("fresh schema on " + engine,
                 [&] { return fresh_result(prove(migrations, {engine}, Depth::ups).front()); });
}

Result check_parity(const Migrations& migrations, const std::vector<std::string>& engines) {
  std::string what = "parity of";
  for (const std::string& engine : engines) {
    what += (&engine == &engines.front() ? " " : ", ") + engine;
  }
  return outcome(what, [&]() -> Result {
    if (engines.size() < 2) {
      throw Error(ErrorKind::usage, "there is nothing to hold against each other: name two engines or more");
    }
    const std::vector<EngineReport> reports = prove(migrations, engines, Depth::ups);
    return parity_result(verify_parity(dialects(), reports, options_of(migrations, Depth::ups)), reports);
  });
}

}  // namespace toolkit::testing
