#include <cstdio>

#include "toolkit/error.hpp"
#include "toolkit/migrate.hpp"
#include "toolkit/registry.hpp"

/// Applies the folder `argv[2]` to the database `argv[1]`, for example sqlite:app.db.
int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s URL FOLDER\n", argv[0]);
    return 2;
  }
  const toolkit::Registry dialects = toolkit::builtin_dialects();
  toolkit::MigratorOptions options;
  options.folder.path = argv[2];
  toolkit::Migrator migrator(dialects, argv[1], options);
  const toolkit::RunReport report = migrator.run(toolkit::Request::up());
  for (const toolkit::DoneVersion& version : report.done) {
    std::printf("applied %lld %s\n", static_cast<long long>(version.version), version.name.c_str());
  }
  return static_cast<int>(report.exit_code());
} catch (const toolkit::Error& error) {
  std::fputs(toolkit::describe(error.details()).c_str(), stderr);
  return static_cast<int>(toolkit::exit_code_of(error.kind()));
}
