#include "objects.hpp"

#include <chrono>

#include "answers.hpp"
#include "toolkit/pause.hpp"

namespace toolkit::postgresql {

namespace {

using std::chrono::milliseconds;

std::vector<std::vector<std::string>> ask_named(const Channel& channel, const std::string& sql,
                                                const Parameters& parameters) {
  const NumberedText text = number_parameters(sql);
  std::vector<Value> values;
  values.reserve(text.names.size());
  for (const std::string& name : text.names) {
    values.push_back(parameters.at(name));
  }
  return ask(channel, text.sql, std::move(values));
}

std::string catalog_of(Form form) {
  switch (form) {
    case Form::create_database:
    case Form::drop_database:
      return "pg_catalog.pg_database";
    case Form::create_tablespace:
    case Form::drop_tablespace:
      return "pg_catalog.pg_tablespace";
    default:
      return "pg_catalog.pg_class";
  }
}

/// Empty when it is gone. A cancel that was meant for the statement before may hit this one: it is tried
/// again.
std::string drop_one(const Channel& channel, const std::string& index) {
  constexpr int tries = 3;
  const std::string sql = "DROP INDEX CONCURRENTLY IF EXISTS " + index;
  for (int attempt = 1;; ++attempt) {
    const Result answer = run_statement(channel.handle, sql);
    if (answer == nullptr) {
      return lost_connection(channel.handle, channel.url).message;
    }
    if (succeeded(answer.get())) {
      return {};
    }
    const ErrorDetails details = details_of(answer.get(), channel.url);
    if (attempt == tries || !(is_retryable(details.sqlstate) || details.sqlstate == "57014")) {
      return index + ": " + details.message;
    }
    pause(milliseconds(200 * attempt), {});
  }
}

}  // namespace

std::optional<ObjectState> look(const Channel& channel, const StatementForm& form) {
  const auto rows = ask_named(channel, "SELECT " + state_expression(form.form), state_parameters(form));
  return rows.empty() ? std::nullopt : parse_state(rows.front().front());
}

bool is_still_there(const Channel& channel, const StatementForm& form, std::int64_t oid) {
  return !ask(channel,
              "SELECT 1 FROM " + catalog_of(form.form) + " WHERE oid = CAST(CAST($1 AS bigint) AS oid)",
              {oid})
              .empty();
}

Mark read_mark(const Channel& channel, const RunContext& context, Version version) {
  const auto rows = ask_named(channel, context.sql.read_mark, {{"version", version}});
  return rows.empty() ? Mark{} : parse_mark(rows.front().front());
}

std::string drop_invalid(const Channel& channel, const std::vector<std::string>& indexes) {
  if (indexes.empty()) {
    return {};
  }
  // A limit that the author gave to the statement is not meant for cleaning up behind it.
  run_statement(channel.handle, "SET statement_timeout = 0");
  std::string why;
  for (const std::string& index : indexes) {
    const std::string failure = drop_one(channel, index);
    why += (why.empty() || failure.empty() ? "" : "; ") + failure;
  }
  return why;
}

std::vector<std::string> invalid_namesakes(const Channel& channel, const StatementForm& form) {
  std::vector<std::string> names;
  if (form.form != Form::create_index || form.name.empty()) {
    return names;
  }
  const std::optional<ObjectState> now = look(channel, form);
  for (const IndexState& index : now ? now->indexes : std::vector<IndexState>()) {
    if (index.is_named && !index.is_valid) {
      names.push_back(index.name);
    }
  }
  return names;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

}  // namespace toolkit::postgresql
