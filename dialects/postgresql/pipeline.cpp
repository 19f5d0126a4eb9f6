#include "pipeline.hpp"

#include <libpq-fe.h>

#include <exception>

#include "toolkit/call_watch.hpp"

namespace toolkit::postgresql {

namespace {

class Pipeline {
 public:
  Pipeline(pg_conn* handle, const std::vector<Message>& messages,
           const std::function<void(std::size_t, const pg_result*)>& answered, const Tick& tick)
      : handle_(handle), messages_(messages), answered_(answered), tick_(tick) {
    PQsetnonblocking(handle_, 1);
    end_.lost = PQenterPipelineMode(handle_) != 1;
  }
  ~Pipeline() {
    PQexitPipelineMode(handle_);
    PQsetnonblocking(handle_, 0);
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  PipelineEnd run() {
    while (!end_.lost && !synced_) {
      const bool must_write = send_some();
      read_some();
      if (!synced_ && !end_.lost) {
        wait_for_socket(handle_, must_write);
        // What the server said before it closed the session is still to be read.
        closed_ = PQconsumeInput(handle_) == 0;
        if (tick_) {
          tick_();
        }
      }
    }
    if (broken_) {
      std::rethrow_exception(broken_);
    }
    return std::move(end_);
  }

 private:
  /// Sends until the socket takes no more. True when something is left to write.
  bool send_some() {
    while (end_.sent < messages_.size()) {
      announce(CallMoment::before, watched(end_.sent));
      if (!send(messages_[end_.sent])) {
        closed_ = true;
        return false;
      }
      ++end_.sent;
      if (flush()) {
        return true;
      }
    }
    if (!sync_sent_) {
      announce(CallMoment::before, watched(messages_.size()));
      sync_sent_ = PQpipelineSync(handle_) == 1;
      closed_ = closed_ || !sync_sent_;
    }
    return flush();
  }

  /// True when something is left to write.
  bool flush() {
    if (PQflush(handle_) == 1) {
      return true;
    }
    for (; announced_ < end_.sent + (sync_sent_ ? 1 : 0); ++announced_) {
      announce(CallMoment::sent, watched(announced_));
    }
    return false;
  }

  /// The Sync stands behind all messages.
  WatchedCall watched(std::size_t index) const {
    return {"message", index < messages_.size() ? *messages_[index].sql : std::string_view("SYNC"),
            PQsocket(handle_)};
  }

  bool send(const Message& message) {
    std::vector<std::string> texts;
    std::vector<const char*> values;
    texts.reserve(message.values.size());
    for (const Value& value : message.values) {
      if (std::holds_alternative<std::monostate>(value)) {
        values.push_back(nullptr);
        continue;
      }
      const auto* number = std::get_if<std::int64_t>(&value);
      texts.push_back(number != nullptr ? std::to_string(*number) : std::get<std::string>(value));
      values.push_back(texts.back().c_str());
    }
    return PQsendQueryParams(handle_, message.sql->c_str(), static_cast<int>(values.size()), nullptr,
                             values.data(), nullptr, nullptr, 0) == 1;
  }

  void read_some() {
    while (!synced_ && read_ <= end_.sent && PQisBusy(handle_) == 0) {
      Result result(PQgetResult(handle_));
      if (result == nullptr) {
        if (!in_message_) {
          break;
        }
        in_message_ = false;
        announce(CallMoment::answered, watched(read_));
        ++read_;
      } else if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
        synced_ = true;
        announce(CallMoment::answered, watched(messages_.size()));
        PQgetResult(handle_);  // the null that ends the round, so that pipeline mode can be left
      } else {
        in_message_ = true;
        take(std::move(result));
      }
    }
    end_.lost = end_.lost || (!synced_ && (closed_ || !is_alive(handle_)));
  }

  void take(Result result) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (succeeded(result.get())) {
      tell(result.get());
    } else if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      end_.lost = true;  // no way back to the Sync; the server rolls back when the session is closed
    } else if (status != PGRES_PIPELINE_ABORTED && end_.failure == nullptr) {
      end_.failure = std::move(result);
    }
  }

  void tell(const pg_result* result) {
    try {
      if (!broken_) {
        answered_(end_.answered, result);
      }
    } catch (...) {
      broken_ = std::current_exception();
    }
    ++end_.answered;
  }

  pg_conn* handle_;
  const std::vector<Message>& messages_;
  const std::function<void(std::size_t, const pg_result*)>& answered_;
  const Tick& tick_;
  PipelineEnd end_;
  std::exception_ptr broken_;
  std::size_t announced_ = 0;  // messages and Sync that were told as sent
  std::size_t read_ = 0;       // messages whose answer was read to its end
  bool in_message_ = false;
  bool sync_sent_ = false;
  bool synced_ = false;
  bool closed_ = false;
};

}  // namespace

PipelineEnd run_pipeline(pg_conn* handle, const std::vector<Message>& messages,
                         const std::function<void(std::size_t, const pg_result*)>& answered,
                         const Tick& tick) {
  return Pipeline(handle, messages, answered, tick).run();
}

}  // namespace toolkit::postgresql
