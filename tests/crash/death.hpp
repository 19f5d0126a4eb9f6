#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "toolkit/call_watch.hpp"
#include "toolkit/unit_of_work.hpp"

namespace toolkit::test {

/// The n-th request of a run (from 0), and how far it had come. Counted for each moment by itself: in a
/// pipeline answers and requests overlap in another order each time, but requests among themselves never do.
struct FaultPoint {
  CallMoment moment = CallMoment::before;
  int ordinal = 0;
  std::string call;  ///< "claim", "statement: CREATE TABLE…": for messages
};

std::string to_string(const FaultPoint& point);

/// Lists the points of a run while it lives, up to the start of the second version.
class PointRecorder final : public CallWatch {
 public:
  PointRecorder();
  ~PointRecorder() override;
  PointRecorder(const PointRecorder&) = delete;
  PointRecorder& operator=(const PointRecorder&) = delete;

  void at(CallMoment moment, const WatchedCall& call) noexcept override;
  void stop() { stopped_ = true; }
  const std::vector<FaultPoint>& points() const { return points_; }

 private:
  void add(CallMoment moment, const WatchedCall& call);

  std::vector<FaultPoint> points_;
  std::array<int, 3> counts_{};
  bool stopped_ = false;
};

/// How a child ended.
enum class ChildEnd { died_as_planned, went_on_to_its_end, failed };

/// Runs `work` in a child that dies at the point by _exit: no destructor runs, the kernel closes its sockets
/// and files as it does after kill -9. Requires: no thread but the caller's.
ChildEnd die_at(const FaultPoint& point, const std::function<void()>& work);

/// Runs `work` in a child and returns its process id; the caller waits for it.
int start_child(const std::function<void()>& work);

/// Waits for its end: 0 and above is the exit code, below the negative signal.
int wait_for_child(int pid);

}  // namespace toolkit::test
