#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "pipeline.hpp"
#include "toolkit/unit_of_work.hpp"

namespace toolkit::postgresql {

/// What a message of a unit is for: who hears of its answer, and whose failure it is.
enum class Purpose {
  reset,    ///< session back to its start
  setup,    ///< our settings; answers the role
  timeout,  ///< timeouts of one step
  begin,
  fence,  ///< fails unless this session holds the lock between runners
  claim,
  step,
  role,   ///< who the session is after a step that may have changed it
  guard,  ///< `advance`: the step is done, and we are still in our transaction
  finish,
  log,
  look,    ///< settings that a file left changed
  tables,  ///< with a report of locks: what may be locked, and what is
  locks,
  take_back,
  commit,
};

/// A message's purpose and whose it is.
struct Sent {
  Purpose purpose;
  const Task* task = nullptr;
  const Step* step = nullptr;
};

/// Limits that a step runs under.
struct StepLimits {
  std::chrono::milliseconds lock{3'000};
  std::chrono::milliseconds statement{0};

  friend bool operator==(const StepLimits&, const StepLimits&) = default;
};

/// Pure. A step's directives, else the run's timeouts, else `usual_lock_wait` and none. `is_alone`: its
/// transaction, if it has one, holds no other statement.
StepLimits limits_of(const RunContext& context, const Step* step, bool is_alone);

/// Pure. Our own values of settings, as pg_settings shows them: whatever else a look finds was left by a
/// file.
std::vector<std::pair<std::string, std::string>> own_settings(const StepLimits& limits);

/// The messages of one pipeline, with what each is for. Pure: nothing is sent here.
class MessageList {
 public:
  /// `context` outlives the list.
  explicit MessageList(const RunContext& context);

  /// Session as at its start, then our settings. Never DISCARD ALL: it drops the lock.
  void reset_session();
  void set_limits(const StepLimits& limits);
  /// A committed intent must survive a crash of the server: no asynchronous commit.
  void require_durable_commits();
  void begin();
  void fence(const Task& task);
  void claim(const Task& task, UnitKind kind);
  void step(const Task& task, const Step& step);
  void ask_role(const Task& task);
  /// `next`: the step whose intent this is at the same time; null inside a transaction.
  void advance(const Task& task, const Step& step, const Step* next);
  void finish(const Task& task);
  void take_back(const Task& task, int finished_step);
  void look(const Task& task);
  /// Around a task's steps, where a report of locks is asked for; nothing elsewhere.
  void look_at_tables(const Task& task);
  void look_at_locks(const Task& task);
  void commit();

  const std::vector<Message>& messages() const { return messages_; }
  const Sent& sent(std::size_t index) const { return sent_[index]; }
  std::size_t size() const { return messages_.size(); }

  /// The limits in force behind the last message.
  const StepLimits& limits() const { return limits_; }

 private:
  void add(Purpose purpose, const std::string& sql, const Task* task = nullptr, const Step* step = nullptr);
  void add(Purpose purpose, const NumberedText& text, const Parameters& values, const Task* task,
           const Step* step = nullptr);
  const NumberedText& marked(const std::string& sql, const Step* step);

  const RunContext& context_;
  NumberedText claim_up_, claim_down_, advance_, finish_, take_back_, log_;
  std::deque<NumberedText> marked_;  // messages point into it
  std::vector<Message> messages_;
  std::vector<Sent> sent_;
  StepLimits limits_;
};

}  // namespace toolkit::postgresql
