#pragma once

#include <string>

#include "toolkit/connection.hpp"

namespace toolkit::mysql {

class Session;

/// What one query tells of the session, the server and the place, before the first migration.
struct Facts {
  std::string sql_mode;        ///< of the session as it began
  std::string server;          ///< server_uuid, or the host name where there is none (MariaDB)
  std::string history_engine;  ///< empty while the history table is absent
  bool is_logged = false;      ///< what this session does goes into a binary log
  std::string doubt;           ///< why locks of a session cannot be trusted here; empty: they can
  std::string way_out;
};

/// One round trip.
Facts read_facts(Session& session, const ServerInfo& server, const HistoryPlace& place);

/// Pure. What the server says of itself, as `NAME=value` lines, to doubt and way out. `product` is the text
/// of the handshake: TiDB and Vitess say who they are there.
///
/// GET_LOCK is local to a node on Galera (documented as unsupported: MariaDB, "Galera Cluster Known
/// Limitations") and on group replication in multi-primary mode; in single-primary mode only one member takes
/// writes, so all who write meet there (MySQL 8.4 manual, "Group Replication Limitations").
void doubt_locks(Facts& facts, const std::string& product, const std::string& variables);

}  // namespace toolkit::mysql
