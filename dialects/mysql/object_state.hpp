#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "statement_class.hpp"

namespace toolkit::mysql {

class Session;

enum class Presence { unknown, absent, present };

/// What a server tells of one object. Texts are empty where it does not tell.
struct ObjectState {
  ObjectName name;  ///< with its database
  Presence presence = Presence::unknown;
  std::string definition;  ///< SHA-256 of what SHOW CREATE says, without AUTO_INCREMENT's counter
  std::string text;        ///< the same for people, shortened
  std::string id;          ///< InnoDB's number of the table or partition; it changes when one is rebuilt
  /// When the table was made or rebuilt, as the server says, whole seconds; only where that was at least two
  /// seconds ago, so that a later table of this name cannot say the same.
  std::string created;
  std::optional<bool> is_empty;
};

/// What to read beside the definitions.
struct ObjectWishes {
  bool identity = false;   ///< one round trip more for all, two without the PROCESS right
  bool emptiness = false;  ///< one round trip more a table
  bool is_mariadb = false;
};

/// Reads the objects, one round trip each. Never throws but Error(connection): what the server does not show
/// (rights) is unknown. `default_schema` completes the names.
std::vector<ObjectState> read_objects(Session& session, const std::vector<ObjectName>& objects,
                                      const std::string& default_schema, const ObjectWishes& wishes);

/// Pure. A definition as it is hashed: without ` AUTO_INCREMENT=n` outside quotes.
std::string without_counter(std::string_view definition);

/// Pure. How InnoDB writes a table's name: `app/t`, `app/t#p#p0`; letters outside [0-9A-Za-z_] as @hhhh.
/// Empty where a name has bytes outside ASCII.
std::string innodb_name(const ObjectName& object);

/// Pure. One line for people: "table `app`.`t` (id 17): CREATE TABLE …".
std::string describe(const ObjectState& object);

}  // namespace toolkit::mysql
