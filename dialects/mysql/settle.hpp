#pragma once

#include "connection.hpp"
#include "decide.hpp"
#include "facts.hpp"
#include "mark.hpp"

namespace toolkit::mysql {

/// Finds out what became of one interrupted statement: reads what stands now, lets `decide` judge, and does
/// what the decision asks for. See Connection::settle.
class Settling {
 public:
  Settling(const RunScope& scope, const Task& task, Mark mark);
  Judgement judge();

 private:
  void find();
  Decision run_again();
  Decision drop(const Decision& decision);
  Decision ask_probe(const Decision& decision);

  const RunScope& scope_;
  const Task& task_;
  const Step& step_;
  Mark mark_;
  Facts facts_;
  Findings findings_;
};

Judgement settle_statement(const RunScope& scope, const Interrupted& interrupted);

}  // namespace toolkit::mysql
