#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace toolkit::sqlite {

/// What migration text may do beyond its own file: options of the URL, `[sqlite]` in toolkit.toml.
struct Permissions {
  bool vacuum_into = false;
  bool load_extension = false;
};

/// While it lives, what is prepared on the handle may not reach other files (ATTACH, DETACH, VACUUM INTO) or
/// load code (load_extension), unless permitted. For migration text only; our own texts do neither. Guard.
class [[nodiscard]] MigrationAuthorizer {
 public:
  MigrationAuthorizer(sqlite3* handle, Permissions permissions);
  ~MigrationAuthorizer();
  MigrationAuthorizer(const MigrationAuthorizer&) = delete;
  MigrationAuthorizer& operator=(const MigrationAuthorizer&) = delete;

  /// What was refused, as the middle of a sentence ("write the file x.db"); empty when nothing was.
  const std::string& refused() const { return refused_; }
  /// How it can be permitted.
  const std::string& way_out() const { return way_out_; }

 private:
  static int ask(void* self, int action, const char* first, const char* second, const char* schema,
                 const char* trigger);
  int refuse(std::string what, std::string way_out);

  sqlite3* handle_;
  Permissions permissions_;
  std::string refused_;
  std::string way_out_;
};

/// Makes the session stricter than SQLite's default: no writes to the schema table or to shadow tables by way
/// of writable_schema, no journal_mode OFF (DEFENSIVE, 3.26; older libraries ignore it). trusted_schema stays
/// as it is: switched off, 3.40.1 refuses `CHECK (json_valid(body))`, an ordinary schema ("unsafe use of
/// json_valid()").
void make_defensive(sqlite3* handle);

}  // namespace toolkit::sqlite
