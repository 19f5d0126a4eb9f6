#pragma once

#include <memory>

#include "toolkit/dialect.hpp"
#include "toolkit/url.hpp"

namespace toolkit::postgresql {

/// The lock is an advisory one: pg_locks shows those of all databases to every role (PostgreSQL 15 manual,
/// 54.12 "pg_locks"), although a lock itself counts in one database only.
MarkTexts run_mark();

/// A session in `postgres`, else in the URL's database. Null where that is a template: a session there is in
/// the way of CREATE DATABASE. Throws Error(connection).
std::unique_ptr<Connection> open_server(const DatabaseUrl& url, const OpenOptions& options);

/// Creates the URL's database, by way of the database `postgres`, or `template1` where that is not there.
/// False when it was there already. Throws Error.
bool create_database(const DatabaseUrl& url, const OpenOptions& options);

/// Drops the URL's database by the same way. False when it was not there. Never throws others out: an
/// Error(server) names the sessions that are in the way.
bool drop_database(const DatabaseUrl& url, const OpenOptions& options);

}  // namespace toolkit::postgresql
