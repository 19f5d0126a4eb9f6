#include "object_state.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "history_sql.hpp"
#include "session.hpp"
#include "toolkit/checksum.hpp"
#include "toolkit/error.hpp"

namespace toolkit::mysql {

namespace {

std::string qualified(const ObjectName& name) {
  if (name.kind == ObjectKind::user) {
    return name.name;
  }
  return name.kind == ObjectKind::database ? mysql::quoted(name.name)
                                           : mysql::quoted(name.schema) + "." + mysql::quoted(name.name);
}

// The statement, and the column in which its answer holds the definition.
std::pair<std::string, std::size_t> show_create(const ObjectName& name) {
  switch (name.kind) {
    case ObjectKind::procedure:
      return {"SHOW CREATE PROCEDURE " + qualified(name), 2};
    case ObjectKind::function:
      return {"SHOW CREATE FUNCTION " + qualified(name), 2};
    case ObjectKind::trigger:
      return {"SHOW CREATE TRIGGER " + qualified(name), 2};
    case ObjectKind::event:
      return {"SHOW CREATE EVENT " + qualified(name), 3};
    case ObjectKind::database:
      return {"SHOW CREATE DATABASE " + qualified(name), 1};
    case ObjectKind::user:
      return {"SHOW CREATE USER " + qualified(name), 0};
    case ObjectKind::table:
      break;
  }
  return {"SHOW CREATE TABLE " + qualified(name), 1};
}

bool says_absent(const ErrorDetails& details) {
  static constexpr std::array<std::string_view, 8> codes = {"1146", "1049", "1305", "1360",
                                                            "1539", "1396", "1133", "1141"};
  return std::find(codes.begin(), codes.end(), details.native_code) != codes.end();
}

// What may hold a password is not written into a history.
bool may_hold_secret(std::string_view definition) {
  const std::string upper = upper_case(definition);
  return upper.find("CONNECTION=") != std::string::npos || upper.find("PASSWORD") != std::string::npos ||
         upper.find("IDENTIFIED") != std::string::npos;
}

std::string shortened(std::string_view definition) {
  constexpr std::size_t limit = 400;
  std::string line;
  for (const char c : definition) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank || (!line.empty() && line.back() != ' ')) {
      line.push_back(is_blank ? ' ' : c);
    }
  }
  if (line.size() > limit) {
    std::size_t cut = limit;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) {
      --cut;
    }
    line = line.substr(0, cut) + "…";
  }
  return line;
}

// Runs what may be refused; only a lost connection ends the reading.
template <typename Read>
void read_where_shown(Read&& read) {
  try {
    read();
  } catch (const Error& error) {
    if (error.details().connection_lost || error.kind() == ErrorKind::interrupted) {
      throw;
    }
  }
}

void read_definition(Session& session, ObjectState& object) {
  const auto [sql, column] = show_create(object.name);
  try {
    const Rows rows = session.show(sql);
    object.presence = rows.empty() ? Presence::unknown : Presence::present;
    if (!rows.empty() && rows[0].size() > column && rows[0][column] && object.name.kind != ObjectKind::user) {
      const std::string text = without_counter(*rows[0][column]);
      object.definition = sha256_hex(text);
      object.text = may_hold_secret(text) ? "(not shown: it may hold a password)" : shortened(text);
    }
  } catch (const Error& error) {
    if (error.details().connection_lost || error.kind() == ErrorKind::interrupted) {
      throw;
    }
    object.presence = says_absent(error.details()) ? Presence::absent : Presence::unknown;
  }
}

bool has_identity(const ObjectState& object) {
  return object.name.kind == ObjectKind::table && object.presence == Presence::present;
}

// A table's own number, or those of all its partitions, in the order of their names.
std::string id_in(const Rows& rows, const ObjectName& object) {
  const std::string wanted = innodb_name(object);
  std::string ids;
  for (const bool exact : {true, false}) {
    for (const auto& row : rows) {
      const std::string name = row[0].value_or("");
      const std::size_t cut = std::min(upper_case(name).find("#P#"), name.size());
      const std::size_t wanted_cut = std::min(upper_case(wanted).find("#P#"), wanted.size());
      const bool same_base = exact ? name.substr(0, cut) == wanted.substr(0, wanted_cut)
                                   : same_name(name.substr(0, cut), wanted.substr(0, wanted_cut));
      const bool same_part = object.partition.empty() ||
                             upper_case(name.substr(cut)).starts_with(upper_case(wanted.substr(wanted_cut)));
      if (same_base && same_part) {
        ids += (ids.empty() ? "" : ",") + row[1].value_or("");
      }
    }
    if (!ids.empty()) {
      break;
    }
  }
  return ids;
}

void read_ids(Session& session, std::vector<ObjectState>& objects, bool is_mariadb) {
  std::string bases;
  Parameters values;
  for (const ObjectState& object : objects) {
    ObjectName base = object.name;
    base.partition.clear();
    const std::string name = has_identity(object) ? innodb_name(base) : std::string();
    if (!name.empty()) {
      const std::string parameter = "n" + std::to_string(values.size());
      bases += (bases.empty() ? "LOWER(:" : ", LOWER(:") + parameter + ")";
      values[parameter] = name;
    }
  }
  if (bases.empty()) {
    return;
  }
  const Rows rows =
      session.query(std::string("SELECT name, table_id FROM information_schema.") +
                        (is_mariadb ? "INNODB_SYS_TABLES" : "INNODB_TABLES") +
                        " WHERE SUBSTRING_INDEX(LOWER(name), '#p#', 1) IN (" + bases + ") ORDER BY name",
                    values, 2);
  for (ObjectState& object : objects) {
    if (has_identity(object)) {
      object.id = id_in(rows, object.name);
    }
  }
}

void read_creation(Session& session, std::vector<ObjectState>& objects) {
  std::string sql;
  Parameters values;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (has_identity(objects[i]) && objects[i].name.partition.empty()) {
      const std::string number = std::to_string(i);
      sql += (sql.empty() ? "" : " UNION ALL ") + std::string("SELECT ") + number +
             ", create_time FROM information_schema.tables WHERE table_schema = :s" + number +
             " AND table_name = :n" + number + " AND create_time < NOW() - INTERVAL 2 SECOND";
      values["s" + number] = objects[i].name.schema;
      values["n" + number] = objects[i].name.name;
    }
  }
  if (!sql.empty()) {
    for (const auto& row : session.query(sql, values, 2)) {
      objects.at(std::stoul(row[0].value_or("0"))).created = row[1].value_or("");
    }
  }
}

void read_emptiness(Session& session, ObjectState& object) {
  const std::string part =
      object.name.partition.empty() ? "" : " PARTITION (" + mysql::quoted(object.name.partition) + ")";
  object.is_empty = session.show("SELECT 1 FROM " + qualified(object.name) + part + " LIMIT 1").empty();
}

}  // namespace

std::string without_counter(std::string_view definition) {
  static constexpr std::string_view counter = " AUTO_INCREMENT=";
  std::string text;
  char quote = 0;
  for (std::size_t i = 0; i < definition.size(); ++i) {
    const char c = definition[i];
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;  // a doubled quote opens again at once
    } else if (c == '\'' || c == '`' || c == '"') {
      quote = c;
    } else if (definition.substr(i).starts_with(counter)) {
      i = definition.find_first_not_of("0123456789", i + counter.size());
      if (i == std::string_view::npos) {
        break;
      }
      --i;
      continue;
    }
    text.push_back(c);
  }
  return text;
}

std::string innodb_name(const ObjectName& object) {
  static constexpr std::string_view digits = "0123456789abcdef";
  bool is_ascii = true;
  const auto encoded = [&](std::string_view name) {
    std::string text;
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      is_ascii = is_ascii && byte < 0x80U;
      if (std::isalnum(byte) != 0 || c == '_') {
        text.push_back(c);
      } else {
        text += {'@', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
      }
    }
    return text;
  };
  std::string name = encoded(object.schema) + "/" + encoded(object.name);
  name += object.partition.empty() ? "" : "#p#" + encoded(object.partition);
  return is_ascii ? name : std::string();
}

std::string describe(const ObjectState& object) {
  const bool is_plain = object.name.kind == ObjectKind::user;
  std::string text =
      std::string(to_string(object.name.kind)) + " " + (is_plain ? object.name.name : qualified(object.name));
  text += object.name.partition.empty() ? "" : " partition " + mysql::quoted(object.name.partition);
  if (object.presence != Presence::present) {
    return text + (object.presence == Presence::absent ? ": absent" : ": not shown to this user");
  }
  text += object.id.empty() ? "" : " (table id " + object.id + ")";
  return text + (object.text.empty() ? ": present" : ": " + object.text);
}

std::vector<ObjectState> read_objects(Session& session, const std::vector<ObjectName>& objects,
                                      const std::string& default_schema, const ObjectWishes& wishes) {
  std::vector<ObjectState> states;
  for (ObjectName name : objects) {
    name.schema = name.schema.empty() && name.kind != ObjectKind::user && name.kind != ObjectKind::database
                      ? default_schema
                      : name.schema;
    states.emplace_back();
    states.back().name = std::move(name);
    read_definition(session, states.back());
    if (wishes.emptiness && has_identity(states.back())) {
      read_where_shown([&] { read_emptiness(session, states.back()); });
    }
  }
  if (wishes.identity) {
    read_where_shown([&] { read_ids(session, states, wishes.is_mariadb); });
    const bool all_known = std::all_of(states.begin(), states.end(), [](const ObjectState& object) {
      return !has_identity(object) || !object.id.empty();
    });
    if (!all_known) {
      read_where_shown([&] { read_creation(session, states); });
    }
  }
  return states;
}

}  // namespace toolkit::mysql
