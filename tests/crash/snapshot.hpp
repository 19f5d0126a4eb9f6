#pragma once

#include <string>

#include "../support/native.hpp"

namespace toolkit::test {

/// Everything in a database but the history, as text: each object's definition, each table's rows in an order
/// of their own. Read through the client library alone. Left out is what an attempt may use up without
/// effect: AUTO_INCREMENT counters and object numbers.
std::string snapshot(NativeSession& session, const std::string& engine);

/// The history without times, run and origin: version, name, state, step, steps (of applied ones), checksums,
/// ways back, and whether a statement is in flight. Of versions up to `last`.
std::string history_text(NativeSession& session, long long last);

/// What is wrong with a history after a crash; empty: it is a prefix of applied versions, then at most one
/// that is under way, then none that is applied, and at most one statement is in flight.
std::string history_fault(NativeSession& session);

}  // namespace toolkit::test
