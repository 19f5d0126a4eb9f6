#include <algorithm>
#include <map>

#include "binary_log.hpp"
#include "connection.hpp"
#include "facts.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

using Values = std::map<std::string, std::string>;

Values read_settings(Session& session) {
  Values values;
  for (const auto& row :
       session.show("SHOW GLOBAL VARIABLES WHERE Variable_name IN "
                    "('innodb_flush_log_at_trx_commit', 'sync_binlog', 'innodb_doublewrite', "
                    "'default_storage_engine', 'lower_case_table_names', 'log_bin')")) {
    values[row.at(0).value_or("")] = row.at(1).value_or("");
  }
  return values;
}

void add_durability(const Values& values, std::vector<ServerNote>& notes) {
  const auto value = [&](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
  const std::string flush = value("innodb_flush_log_at_trx_commit");
  if (!flush.empty() && flush != "1") {
    notes.push_back({"innodb_flush_log_at_trx_commit",
                     "is " + flush +
                         (flush == "0" ? ": a crash of the server loses the last second of commits"
                                       : ": a crash of the machine loses the last second of commits") +
                         ", intents and history among them",
                     "SET GLOBAL innodb_flush_log_at_trx_commit = 1"});
  }
  if (value("log_bin") == "ON" && value("sync_binlog") != "1") {
    notes.push_back(
        {"sync_binlog",
         "is " + value("sync_binlog") +
             ": after a crash of the machine the binary log may lack what the tables have, so that "
             "its silence would prove nothing",
         "SET GLOBAL sync_binlog = 1"});
  }
  const std::string doublewrite = value("innodb_doublewrite");
  if (doublewrite == "OFF" || doublewrite == "0") {
    notes.push_back({"innodb_doublewrite", "is off: a crash of the machine can tear a page of any table",
                     "switch it on unless the file system writes pages as a whole"});
  }
  const std::string engine = value("default_storage_engine");
  if (!engine.empty() && engine != "InnoDB") {
    notes.push_back(
        {"default_storage_engine",
         "is " + engine +
             ": CREATE TABLE without ENGINE makes tables whose changes a crash can cut in the middle",
         "write ENGINE=InnoDB, or SET GLOBAL default_storage_engine = InnoDB"});
  }
  const std::string names = value("lower_case_table_names");
  if (names != "0" && !names.empty()) {
    notes.push_back(
        {"lower_case_table_names",
         "is " + names + ": names of tables have no case here, as they have on most Linux servers",
         "write table names in lower case everywhere"});
  }
}

std::string refusal_of(Session& session, const std::string& query) {
  try {
    session.show(query);
    return {};
  } catch (const Error& error) {
    if (error.details().connection_lost) {
      throw;
    }
    return error.details().message;
  }
}

// What is left to tell by after a crash, see docs/recovery.md.
void add_evidence(Session& session, const ServerInfo& server, bool is_logged,
                  std::vector<ServerNote>& notes) {
  const std::string consequence =
      "an interrupted RENAME between tables that both exist, TRUNCATE, EXCHANGE PARTITION, or ADD INDEX "
      "without "
      "a name may need a person";
  if (!is_logged) {
    notes.push_back({"evidence", "the binary log is off: " + consequence,
                     "name indexes and constraints, or give such files an applied-if"});
  } else if (const auto place = end_of_log(session, server); !place) {
    notes.push_back({"evidence",
                     "this user may not see where the binary log ends, or databases are left out of "
                     "it: " +
                         consequence,
                     server.flavour == "mariadb" ? "GRANT BINLOG MONITOR, REPLICATION SLAVE ON *.*"
                                                 : "GRANT REPLICATION CLIENT, REPLICATION SLAVE ON *.*"});
  } else if (const std::string refusal = refusal_of(
                 session, "SHOW BINLOG EVENTS IN '" + place->file + "' FROM " + place->position + " LIMIT 1");
             !refusal.empty()) {
    notes.push_back({"evidence", "this user may not read the binary log (" + refusal + "): " + consequence,
                     "GRANT REPLICATION SLAVE ON *.*"});
  }
  const std::string table = server.flavour == "mariadb" ? "INNODB_SYS_TABLES" : "INNODB_TABLES";
  const std::string refusal =
      refusal_of(session, "SELECT 1 FROM information_schema." + table + " WHERE name = ''");
  if (!refusal.empty()) {
    notes.push_back({"identity",
                     "this user may not see the identity of tables (" + refusal +
                         "): an interrupted DROP TABLE is judged by the time at which the table was made",
                     "GRANT PROCESS ON *.*"});
  }
}

}  // namespace

std::vector<ServerNote> MysqlConnection::inspect() {
  std::vector<ServerNote> notes;
  const Facts facts = read_facts(*session_, server_, {});
  if (!facts.doubt.empty()) {
    notes.push_back({"locks", facts.doubt, facts.way_out});
  }
  add_durability(read_settings(*session_), notes);
  add_evidence(*session_, server_, facts.is_logged, notes);
  return notes;
}

}  // namespace toolkit::mysql
