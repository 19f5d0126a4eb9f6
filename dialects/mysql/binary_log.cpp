#include "binary_log.hpp"

#include <algorithm>

#include "session.hpp"
#include "statement_class.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

// MySQL 8.2 renamed SHOW MASTER STATUS, and 8.4 dropped the old form.
std::string status_query(const ServerInfo& server) {
  const bool is_new = server.flavour == "mysql" && server.version_number >= 80200;
  return is_new ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
}

std::string cell(const Rows& rows, std::size_t row, std::size_t column) {
  return row < rows.size() && column < rows[row].size() ? rows[row][column].value_or("") : std::string();
}

// Names of log files are the server's; a quote in one is no name that we would ask for.
bool is_plain(const std::string& file) { return file.find_first_of("'\\") == std::string::npos; }

void read_file(Session& session, const std::string& file, std::string position, const std::string& tag,
               LogEvidence& evidence) {
  constexpr std::size_t page = 5'000;
  for (;;) {
    const Rows rows = session.show("SHOW BINLOG EVENTS IN '" + file + "' FROM " + position + " LIMIT " +
                                   std::to_string(page));
    for (std::size_t i = 0; i < rows.size() && !evidence.has_tag; ++i) {
      add_event(evidence, cell(rows, i, 2), cell(rows, i, 5), tag);
    }
    const std::string end = rows.empty() ? "" : cell(rows, rows.size() - 1, 4);
    if (evidence.has_tag || rows.size() < page || end == position || end == "0") {
      return;
    }
    position = end;
  }
}

}  // namespace

std::optional<LogPlace> end_of_log(Session& session, const ServerInfo& server) {
  try {
    const Rows rows = session.show(status_query(server));
    const bool is_filtered = !cell(rows, 0, 2).empty() || !cell(rows, 0, 3).empty();
    if (rows.empty() || is_filtered || cell(rows, 0, 0).empty()) {
      return std::nullopt;
    }
    return LogPlace{cell(rows, 0, 0), cell(rows, 0, 1)};
  } catch (const Error& error) {
    if (error.details().connection_lost) {
      throw;
    }
    return std::nullopt;
  }
}

void add_event(LogEvidence& evidence, const std::string& type, const std::string& info,
               const std::string& tag) {
  evidence.has_tag = evidence.has_tag || info.find(tag_comment(tag)) != std::string::npos;
  if (type == "Transaction_payload") {
    evidence.trouble = "a part of it is compressed";
    return;
  }
  const std::string upper = upper_case(info.substr(0, 400));
  if (upper.find("DROP") == std::string::npos && upper.find("RENAME") == std::string::npos) {
    return;
  }
  std::string text = info;
  std::string schema;
  if (text.starts_with("use `")) {
    const std::size_t end = std::min(text.find("`; "), text.size());
    schema = text.substr(5, end - 5);
    text.erase(0, std::min(end + 3, text.size()));
  }
  const StatementForm form = statement_form(text);
  const bool drops = form.statement_class == StatementClass::drop_list;
  const bool renames = form.statement_class == StatementClass::rename_table || form.objects.size() > 1;
  for (const ObjectName& object : form.objects) {
    if (object.kind == ObjectKind::table && (drops || renames)) {
      const WrittenName name{object.schema.empty() ? schema : object.schema, object.name};
      (drops ? evidence.dropped : evidence.renamed).push_back(name);
    }
  }
}

LogEvidence read_log(Session& session, const LogPlace& place, const std::string& tag) {
  LogEvidence evidence;
  try {
    const Rows files = session.show("SHOW BINARY LOGS");
    bool is_reached = false;
    for (std::size_t i = 0; i < files.size() && !evidence.has_tag; ++i) {
      const std::string file = cell(files, i, 0);
      const bool is_first = file == place.file;
      is_reached = is_reached || is_first;
      if (is_reached && is_plain(file)) {
        read_file(session, file, is_first ? place.position : "4", tag, evidence);
      }
    }
    if (!is_reached) {
      evidence.trouble = "the binary log " + place.file + " is not there any more";
    }
  } catch (const Error& error) {
    if (error.details().connection_lost || error.kind() == ErrorKind::interrupted) {
      throw;
    }
    evidence.trouble = "the binary log cannot be read (" + error.details().message + ")";
  }
  evidence.is_complete = evidence.trouble.empty();
  return evidence;
}

}  // namespace toolkit::mysql
