#include "run_mark.hpp"

#include <algorithm>

#include "migrator_parts.hpp"
#include "toolkit/checksum.hpp"

namespace toolkit {

namespace {

constexpr std::string_view family = "toolkit_v_";
constexpr std::size_t server_digits = 6;
constexpr std::size_t run_digits = 10;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

}  // namespace

std::optional<std::string> mark_of(std::string_view database, std::string_view server) {
  const std::string start = std::string(family) + 'm' + std::string(server);
  const std::size_t length = start.size() + run_digits;
  if (!database.starts_with(start) || database.size() < length + 2 || database[length] != '_' ||
      !is_hex(database.substr(start.size(), run_digits)) || !is_number(database.substr(length + 1))) {
    return std::nullopt;
  }
  return std::string(database.substr(0, length));
}

RunMark::RunMark(const Dialect& dialect, const DatabaseUrl& server, bool wanted)
    : dialect_(dialect), server_(server), name_(std::string(family) + new_run_id().substr(0, run_digits)) {
  if (dialect.traits().run_mark.take.empty() || !open()) {
    return;
  }
  try {
    doubt_ = doubt();
    const Rows rows = session_->query(dialect_.traits().run_mark.server, {}, 1);
    identity_ = sha256_hex(rows.at(0).at(0).value_or("")).substr(0, server_digits);
    const std::string marked = std::string(family) + 'm' + identity_ + new_run_id().substr(0, run_digits);
    if (wanted && doubt_.empty() && says(dialect_.traits().run_mark.take, marked)) {
      name_ = marked;
      is_marked_ = true;
    }
  } catch (const std::exception& failure) {
    doubt_ = failure.what();  // the run goes on without a mark
  }
}

/// False where the server has no database for it.
bool RunMark::open() {
  session_ = dialect_.open_server(server_, {});
  if (session_ == nullptr) {
    return false;
  }
  for (const std::string& text : dialect_.traits().run_mark.stay) {
    session_->execute(text);
  }
  return true;
}

std::string RunMark::doubt() {
  return session_->lock_state({session_->server().default_schema, "toolkit_history"}).doubt;
}

bool RunMark::says(const std::string& text, const std::string& name) {
  const Rows rows = session_->query(text, {{"name", name}}, 1);
  return !rows.empty() && rows[0].at(0).value_or("0") != "0";
}

void RunMark::renew() noexcept {
  if (!is_marked_) {
    return;
  }
  try {
    if (says(dialect_.traits().run_mark.held, name_)) {
      return;
    }
  } catch (const std::exception&) {  // the session is gone
  }
  try {
    open();
    says(dialect_.traits().run_mark.take, name_);
  } catch (const std::exception&) {  // its databases have sessions while the run works
  }
}

void RunMark::end_sessions(const std::string& database) noexcept {
  const std::string& text = dialect_.traits().run_mark.end_sessions;
  if (session_ == nullptr || text.empty() || !database.starts_with(prefix())) {
    return;
  }
  try {
    session_->query(text, {{"name", database}}, 1);
  } catch (const std::exception&) {  // without the right to it the drop says what is in the way
  }
}

std::vector<RunMark::Leftover> RunMark::leftovers() {
  std::vector<Leftover> all;
  for (const auto& row : session_->query(dialect_.traits().run_mark.databases, {}, 1)) {
    const std::string database = row.at(0).value_or("");
    const std::optional<std::string> mark = mark_of(database, identity_);
    if (!mark || *mark == name_) {
      continue;
    }
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const Leftover& each) { return each.mark == *mark; });
    if (known == all.end()) {
      all.push_back({*mark, {database}});
    } else {
      known->databases.push_back(database);
    }
  }
  return all;
}

// The lock is taken before anything is dropped, and stays ours until the session ends: another one who sweeps
// takes this run for alive.
std::string RunMark::sweep(const Leftover& leftover) {
  const MarkTexts& texts = dialect_.traits().run_mark;
  if (says(texts.held, leftover.mark)) {
    return {};
  }
  const std::string names = joined(leftover.databases);
  const auto is_in_use = [&](const std::string& database) { return says(texts.sessions, database); };
  if (std::any_of(leftover.databases.begin(), leftover.databases.end(), is_in_use)) {
    return "left alone, since sessions are in them: " + names + ", of a run that has ended";
  }
  if (!says(texts.take, leftover.mark)) {
    return {};
  }
  try {
    for (const std::string& database : leftover.databases) {
      DatabaseUrl url = server_;
      url.database = database;
      dialect_.drop_database(url, {});
    }
  } catch (const Error& failure) {
    return "cannot drop what a run that has ended left behind (" + names + "): " + failure.what();
  }
  return "dropped what a run that has ended left behind: " + names;
}

std::vector<std::string> RunMark::sweep() {
  std::vector<std::string> notes;
  if (session_ == nullptr || identity_.empty()) {
    return notes;
  }
  try {
    for (const Leftover& leftover : leftovers()) {
      std::string note = doubt_.empty()
                             ? sweep(leftover)
                             : "left alone, since nobody can tell here whether its run has ended (" + doubt_ +
                                   "): " + joined(leftover.databases);
      if (!note.empty()) {
        notes.push_back(std::move(note));
      }
    }
  } catch (const std::exception& failure) {
    notes.push_back("cannot look for what earlier runs left behind: " + std::string(failure.what()));
  }
  return notes;
}

}  // namespace toolkit
