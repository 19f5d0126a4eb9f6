#pragma once

#include <string_view>

/// The one place that every request of a connection passes on its way to the server, so that tests can end
/// the process, or cut the wire, at each of them. Nobody watches in production: a request then costs one
/// branch.
namespace toolkit {

/// Where a request stands.
enum class CallMoment {
  before,    ///< nothing of it has left this process
  sent,      ///< all of it has been handed to the network, nothing of its answer was read
  answered,  ///< its answer was read to its end, or there will be none: the call failed
};

/// One request. The text lives as long as the call of `CallWatch::at`.
struct WatchedCall {
  std::string_view kind;  ///< "connect", "query" (our own text, bound values), "statement", "message" (one of
                          ///< a pipeline)
  std::string_view text;  ///< as written, before values are bound; empty for "connect"
  int socket = -1;        ///< of the session; -1 where there is none (yet)
};

/// Told of every request, in the thread that makes it.
class CallWatch {
 public:
  virtual ~CallWatch() = default;

  /// May end the process, and may shut the socket down; must not throw and must not use the session. `sent`
  /// is not told of a "connect" and of a "query": the libraries send those and read the answer in one go.
  virtual void at(CallMoment moment, const WatchedCall& call) noexcept = 0;
};

/// Who watches the whole process; null: nobody. Set it while no connection is at work.
inline CallWatch* call_watch = nullptr;

inline void announce(CallMoment moment, const WatchedCall& call) noexcept {
  if (call_watch != nullptr) [[unlikely]] {
    call_watch->at(moment, call);
  }
}

/// Guard around one request: its begin and its end are the moments `before` and `answered`.
class [[nodiscard]] Call {
 public:
  Call(std::string_view kind, std::string_view text, int socket = -1) noexcept : call_{kind, text, socket} {
    announce(CallMoment::before, call_);
  }
  ~Call() { announce(CallMoment::answered, call_); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  void sent() const noexcept { announce(CallMoment::sent, call_); }

 private:
  WatchedCall call_;
};

}  // namespace toolkit
