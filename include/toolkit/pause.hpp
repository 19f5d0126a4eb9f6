#pragma once

#include <chrono>
#include <stop_token>

namespace toolkit {

/// Sleeps for `duration`, or until a stop is requested: then it returns at once. Touches nothing.
void pause(std::chrono::milliseconds duration, const std::stop_token& stop);

}  // namespace toolkit
