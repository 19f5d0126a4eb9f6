#pragma once

#include <functional>

#include "toolkit/verify.hpp"

/// Verify on one engine.
namespace toolkit {

/// Tells the observer, one thread at a time.
using TellCheck = std::function<void(const Check&)>;
using TellNote = std::function<void(const std::string&)>;
using TellBeginning = std::function<void(const std::string& server, std::size_t versions)>;

struct VerifyVoice {
  TellBeginning began;
  TellCheck checked;
  TellNote note;
};

/// Runs everything that concerns one target. Never throws but for Error(interrupted): what goes wrong is a
/// failed check.
EngineReport verify_engine(const Dialect& dialect, const VerifyTarget& target, const VerifyOptions& options,
                           const VerifyVoice& voice);

}  // namespace toolkit
