#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "object_state.hpp"

namespace toolkit::mysql {

/// How an interrupted statement may be judged.
enum class MarkClass {
  row_change,  ///< it shares a transaction with the end of its claim: an open intent means "not applied"
  statement,   ///< it commits by itself: an open intent alone does not say whether it ran
};

/// A place in the server's binary log.
struct LogPlace {
  std::string file;
  std::string position;  ///< decimal digits
};

/// What an intent remembers. *Persistent: held by tests/unit/mark_mysql_test.cpp.*
///
///     {"format":1,"class":"statement","tag":"<32 hex digits>","connection":17,"server":"<uuid or host>",
///      "binlog":{"file":"binlog.000002","position":"157"},
///      "objects":[{"kind":"table","schema":"app","name":"t","exists":true,"definition":"<sha256>",
///                  "text":"CREATE TABLE …","id":"1093","created":"2026-01-31 10:11:12"}]}
///
/// `tag` names this intent alone, also between two attempts of one run. It is looked for in the binary log
/// from `binlog` on; without `binlog` the statement was sent without it. `binlog` and `objects` are absent
/// where the statement's class has no use for them, or the server gave none (log off, rights).
struct Mark {
  MarkClass mark_class = MarkClass::statement;
  std::string tag;
  unsigned long connection = 0;
  std::string server;
  std::optional<LogPlace> binlog;
  std::vector<ObjectState> objects;
};

/// Pure.
std::string mark_text(const Mark& mark);
/// The same without objects and place.
std::string mark_text(MarkClass mark_class, std::string_view tag, unsigned long connection,
                      std::string_view server);

/// Pure. Nothing when the text is no mark of a format that is known here.
std::optional<Mark> parse_mark(std::string_view text);

/// 32 random hex digits.
std::string new_tag();

/// Pure. The comment by which a statement is found in the binary log: "/* mig:<tag> */".
std::string tag_comment(std::string_view tag);

}  // namespace toolkit::mysql
