#pragma once

#include <string>
#include <vector>

#include "../support/servers.hpp"
#include "mutant_file.hpp"
#include "toolkit/verify.hpp"

/// Puts verify through the exam.
namespace toolkit::test {

enum class Verdict {
  found,          ///< the defect, in its place and by its name
  missed,         ///< no check failed and no note names it
  named_wrongly,  ///< something failed, but not that check, or without the names
  quiet,          ///< a harmless variation, or a set that holds, without a failure
  false_alarm,    ///< the same with one
  known_miss,     ///< missed, as the file says
};

std::string_view to_string(Verdict verdict);
bool is_good(Verdict verdict);

/// What became of one mutant on one server.
struct Answer {
  std::string kind;
  std::string name;
  std::string engine;  ///< the server's label
  bool is_harmless = false;
  Verdict verdict = Verdict::quiet;
  std::string text;  ///< for a person: what verify said
};

/// Hears nothing.
class SilentVerify : public VerifyObserver {
 public:
  void began(const std::string& /*engine*/, const std::string& /*server*/,
             std::size_t /*versions*/) override {}
  void checked(const std::string& /*engine*/, const Check& /*check*/) override {}
  void note(const std::string& /*engine*/, const std::string& /*text*/) override {}
};

/// Every set as it is, every mutant of it and every set in another layout, on every server that there is;
/// the servers at once, each in a thread; then the parity exam. `filter`: only sets whose name holds it.
/// Touches the servers.
std::vector<Answer> run_exam(const std::vector<MutationSet>& sets, const std::vector<TestServer>& servers,
                             const std::string& filter);

/// The sets whose mutants need every engine in one run: each mutant is planted on one server at a time, which
/// is then the reference of the comparison; none where there are fewer than two servers.
std::vector<Answer> run_parity_exam(const std::vector<MutationSet>& sets,
                                    const std::vector<TestServer>& servers, const std::string& filter);

/// Pure. The verdict as an answer; one that the file lists as missed has to be.
Answer answer_of(const MutationSet& set, const Mutant& mutant, const TestServer& server, Verdict verdict,
                 const std::string& text);

/// Pure. Whether the filter, and what the set itself says, let it take part.
bool takes_part(const MutationSet& set, const std::string& filter);

/// Pure. The report's checks that are no pass, as text.
std::string shown(const EngineReport& report);

/// Pure. Those of all engines, and what the engines differ in.
std::string shown(const VerifyReport& report);

/// Pure. What the parity part says of a mutant: every comparison has to name it, and nothing else.
Verdict judge_parity(const VerifyReport& report, const Mutant& mutant);

/// Pure. What the report says of a mutant.
Verdict judge(const EngineReport& report, const Mutant& mutant);

/// Pure. Kind by engine, with totals.
std::string exam_table(const std::vector<Answer>& answers);

/// Pure. The same statements in another layout: a BOM, CRLF, comments, key words in small letters, blanks,
/// a terminator more.
FileTree in_another_layout(FileTree files, const ScriptSyntax& syntax);

}  // namespace toolkit::test
