#include "death.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace toolkit::test {

namespace {

constexpr int planned_death = 86;
constexpr int went_wrong = 87;

/// SOCI sends and reads in one go.
bool is_one_go(const WatchedCall& call) { return call.kind == "query" && call.socket >= 0; }

std::string name_of(const WatchedCall& call) {
  const std::string text(call.text.substr(0, 60));
  return call.text.empty() ? std::string(call.kind) : std::string(call.kind) + ": " + text;
}

/// Ends the process at its point.
class Death final : public CallWatch {
 public:
  explicit Death(const FaultPoint& point) : point_(point) { call_watch = this; }

  void at(CallMoment moment, const WatchedCall& call) noexcept override {
    if (shut_ && moment == CallMoment::answered) {
      _exit(planned_death);
    }
    if (is_here(moment)) {
      _exit(planned_death);
    }
    // With the socket's read side closed the request still goes out whole, and its answer cannot come in.
    if (moment == CallMoment::before && is_one_go(call) && is_here(CallMoment::sent)) {
      shut_ = true;
      shutdown(call.socket, SHUT_RD);
    }
  }

 private:
  bool is_here(CallMoment moment) {
    return moment == point_.moment && counts_[static_cast<std::size_t>(moment)]++ == point_.ordinal;
  }

  FaultPoint point_;
  std::array<int, 3> counts_{};
  bool shut_ = false;
};

}  // namespace

std::string to_string(const FaultPoint& point) {
  static constexpr std::array<const char*, 3> moments = {"before", "after sending", "after the answer of"};
  return std::string(moments[static_cast<std::size_t>(point.moment)]) + " request " +
         std::to_string(point.ordinal) + " (" + point.call + ")";
}

PointRecorder::PointRecorder() { call_watch = this; }
PointRecorder::~PointRecorder() { call_watch = nullptr; }

void PointRecorder::at(CallMoment moment, const WatchedCall& call) noexcept {
  if (!stopped_) {
    add(moment, call);
    if (moment == CallMoment::before && is_one_go(call)) {
      add(CallMoment::sent, call);
    }
  }
}

void PointRecorder::add(CallMoment moment, const WatchedCall& call) {
  points_.push_back({moment, counts_[static_cast<std::size_t>(moment)]++, name_of(call)});
}

int start_child(const std::function<void()>& work) {
  const int pid = fork();
  if (pid == 0) {
    try {
      work();
    } catch (...) {
      _exit(went_wrong);
    }
    _exit(0);
  }
  return pid;
}

int wait_for_child(int pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

ChildEnd die_at(const FaultPoint& point, const std::function<void()>& work) {
  const int end = wait_for_child(start_child([&] {
    static Death death(point);  // never destroyed
    work();
  }));
  return end == planned_death ? ChildEnd::died_as_planned
         : end == 0           ? ChildEnd::went_on_to_its_end
                              : ChildEnd::failed;
}

}  // namespace toolkit::test
