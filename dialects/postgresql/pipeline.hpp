#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "native.hpp"
#include "toolkit/query.hpp"

namespace toolkit::postgresql {

/// One message: one statement with its values.
struct Message {
  const std::string* sql = nullptr;  ///< outlives the pipeline
  std::vector<Value> values;
};

/// How a pipeline ended.
struct PipelineEnd {
  std::size_t sent = 0;      ///< messages handed to the socket's buffer
  std::size_t answered = 0;  ///< messages that succeeded; the next one failed, unless all did
  Result failure;            ///< what the server said of that one
  bool lost = false;         ///< the connection is gone

  bool succeeded() const { return failure == nullptr && !lost; }
};

/// Sends all messages and one Sync, so one round trip, and reads answers meanwhile: neither side's buffers
/// can fill up. After a failure the server skips to the Sync, and all answers up to it are read. `answered`
/// is told of each message that succeeded, in order, and must not use the session. An exception of it is
/// thrown again once the pipeline has ended. Requires: an idle session.
PipelineEnd run_pipeline(pg_conn* handle, const std::vector<Message>& messages,
                         const std::function<void(std::size_t, const pg_result*)>& answered,
                         const Tick& tick);

}  // namespace toolkit::postgresql
