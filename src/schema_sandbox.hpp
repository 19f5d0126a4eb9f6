#pragma once

#include <memory>
#include <string>
#include <vector>

#include "toolkit/schema.hpp"
#include "verify_database.hpp"
#include "verify_session.hpp"

/// A database of our own that migrations or a fresh schema run in, so that its catalog can be read.
namespace toolkit {

class SchemaSandbox {
 public:
  /// Starts a server, or uses `options.on`. Touches the server. Throws Error.
  SchemaSandbox(const Registry& dialects, const std::string& flavour, const SchemaOptions& options);

  /// The folder's base and its versions, or only those; an empty list runs the base alone.
  void run(const std::vector<Version>* only);

  /// A fresh schema.
  void load(const SchemaSource& file);

  ReadSchema read(const std::string& source);
  VerifySession& session() { return *session_; }
  /// Of its database, before anything ran in it.
  const DatabaseDefaults& first_defaults() const { return first_defaults_; }

 private:
  void take_defaults();

  const Dialect& dialect_;
  SchemaOptions options_;
  VerifyTarget target_;
  std::unique_ptr<VerifyServer> server_;
  std::unique_ptr<VerifySession> session_;
  DatabaseDefaults first_defaults_;
  Version newest_ = 0;
  std::size_t count_ = 0;
  std::vector<std::string> notes_;
};

/// The catalog of an open database and its history. Only reads. Throws Error(server) when it was migrated
/// meanwhile.
ReadSchema read_database(Migrator::Parts& parts, History& history);

}  // namespace toolkit
