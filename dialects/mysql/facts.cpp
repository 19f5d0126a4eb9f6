#include "facts.hpp"

#include "session.hpp"
#include "statement_words.hpp"

namespace toolkit::mysql {

namespace {

// Both tables are readable by everybody; a name that the server does not have is just not there.
std::string variables_query(const ServerInfo& server) {
  const std::string table = server.flavour == "mariadb" ? "information_schema.global_variables"
                                                        : "performance_schema.global_variables";
  return "(SELECT GROUP_CONCAT(CONCAT(UPPER(variable_name), '=', UPPER(variable_value)) SEPARATOR '\\n') "
         "FROM " +
         table +
         " WHERE variable_name IN ('wsrep_on', 'group_replication_group_name', "
         "'group_replication_single_primary_mode'))";
}

bool is_emulation(const std::string& product) {
  const std::string upper = upper_case(product);
  return upper.find("TIDB") != std::string::npos || upper.find("VITESS") != std::string::npos;
}

}  // namespace

void doubt_locks(Facts& facts, const std::string& product, const std::string& variables) {
  const std::string lines = "\n" + upper_case(variables) + "\n";
  const auto says = [&](const char* text) { return lines.find(text) != std::string::npos; };
  const std::string single = ", and say so with --single-writer";
  if (is_emulation(product)) {
    facts.doubt = "this is " + product + ", where a session's lock may not reach every server";
    facts.way_out =
        "connect to the database behind it, or let every runner connect to the same place" + single;
  } else if (says("\nWSREP_ON=ON\n") || says("\nWSREP_ON=1\n")) {
    facts.doubt =
        "this is a node of a Galera cluster (wsrep_on), where a lock of a session holds on one node only";
    facts.way_out = "let every runner connect to the same node" + single;
  } else if (says("\nGROUP_REPLICATION_GROUP_NAME=") && !says("\nGROUP_REPLICATION_GROUP_NAME=\n") &&
             !says("\nGROUP_REPLICATION_SINGLE_PRIMARY_MODE=ON\n")) {
    facts.doubt =
        "this server is a member of a replication group in multi-primary mode, where a lock of a session "
        "holds "
        "on one member only";
    facts.way_out = "let every runner connect to the same member" + single;
  }
}

Facts read_facts(Session& session, const ServerInfo& server, const HistoryPlace& place) {
  const std::string product = mysql_get_server_info(session.handle());
  const std::string id = server.flavour == "mariadb" ? "@@hostname" : "@@server_uuid";
  const Rows rows = session.query(
      "SELECT @@SESSION.sql_mode, " + id +
          ", (SELECT engine FROM information_schema.tables WHERE table_schema = :schema AND table_name = "
          ":table), @@log_bin AND @@SESSION.sql_log_bin, " +
          (is_emulation(product) ? "''" : variables_query(server)),
      {{"schema", place.schema}, {"table", place.table}}, 5);
  Facts facts;
  session.note_first_sql_mode(rows.at(0).at(0).value_or(""));
  facts.sql_mode = *session.first_sql_mode();
  facts.server = rows[0].at(1).value_or("");
  facts.history_engine = rows[0].at(2).value_or("");
  facts.is_logged = rows[0].at(3).value_or("") == "1";
  doubt_locks(facts, product, rows[0].at(4).value_or(""));
  return facts;
}

}  // namespace toolkit::mysql
