#pragma once

#include <string>
#include <string_view>

namespace toolkit::mysql {

/// How an interrupted statement may be judged.
enum class MarkClass {
  row_change,  ///< it shares a transaction with the end of its claim: an open intent means "not applied"
  statement,   ///< it commits by itself: an open intent alone does not say whether it ran
};

/// Pure. *Persistent: the envelope of the intent, held by tests/unit/mark_mysql_test.cpp.*
///
///     {"format":1,"class":"statement","tag":"<32 hex digits>","connection":17,"server":"<uuid or host>"}
///
/// `tag` names this intent alone, also between two attempts of one run. It is looked for in the binary log
/// only where a mark holds a place in it (`binlog`, not written by this format's first version).
std::string mark_text(MarkClass mark_class, std::string_view tag, unsigned long connection,
                      std::string_view server);

/// 32 random hex digits.
std::string new_tag();

}  // namespace toolkit::mysql
