#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parse_table.hpp"
#include "program_text.hpp"
#include "toolkit/catalog.hpp"

namespace toolkit::sqlite {

/// SQLite keeps its whole structure as texts, and they are all that is read. Rows one by one cost more than
/// all else, so both texts select one row. The first is the fast one: how many, the tables they belong to and
/// the texts, each joined by the character 30. Where that stands in a text itself, the second tells: one
/// value, each field (type, name, table, text) with its length before it.
extern const char* const joined_schema_sql;
extern const char* const exact_schema_sql;

/// Makes catalogs of that value, again and again at the price of what changed. Pure but for what it keeps.
class SchemaReader {
 public:
  explicit SchemaReader(CatalogScope scope) : scope_(std::move(scope)) {}

  /// Of what `joined_schema_sql` selects; nothing when that does not tell. Objects whose texts are those of
  /// the last call keep their pointer.
  std::optional<Catalog> read_joined(std::size_t count, std::string_view tables, std::string_view texts);

  /// Of what `exact_schema_sql` selects. Throws Error(internal) for a value that is none.
  Catalog read_exact(const std::string& schema_text);

 private:
  struct Row {
    std::string_view type;
    std::string_view name;
    std::string_view table;
    std::string_view sql;
  };
  /// An object with what belongs to it: the texts it was made of, and what they came to.
  struct Known {
    std::string stamp;
    std::shared_ptr<const CatalogObject> object;
    std::vector<std::string> unsupported;
    std::vector<std::string> primary_key;
    std::vector<std::string> columns;  ///< of a table, lower case
    std::vector<std::string> parents;  ///< whose primary keys its foreign keys mean, lower case
  };
  struct Group {
    Row head;
    std::vector<Row> parts;
    std::string stamp;
    std::optional<ParsedTable> parsed;  ///< of a table whose own text is new
  };

  using Groups = std::map<std::string, Group>;  ///< by lower-case name
  using KnownObjects = std::map<std::string, Known>;

  static std::vector<Row> exact_rows(std::string_view text);
  static std::vector<Row> joined_rows(std::string_view tables, std::string_view texts);
  Catalog catalog_of(const std::vector<Row>& rows);
  Groups groups_of(const std::vector<Row>& rows, Catalog& catalog) const;
  bool is_our_own(std::string_view table) const;
  static std::string stamp_of(const Group& group);
  Known start(const std::string& name, const std::string& stamp, Group& group);
  std::string parent_keys(const std::vector<std::string>& parents) const;
  NameScope scope_of(std::string_view sql) const;
  std::string scopes_of(const Group& group) const;
  void read_group(Group& group, const std::string& stamp, Known& known);
  void read_table(Group& group, Known& known);
  void read_view(const Group& group, Known& known);
  void add_triggers(const Group& group, CatalogObject& object, Known& known) const;

  CatalogScope scope_;
  /// A version that goes up, down and up again comes by the same texts twice.
  struct Recent {
    std::string text;
    Catalog catalog;
  };
  static constexpr std::size_t most_recent = 3;
  std::deque<Recent> recent_;
  KnownObjects known_;  ///< by lower-case name: tables and views share their names
  std::map<std::string, std::vector<std::string>> keys_;     ///< primary keys by lower-case table name
  std::map<std::string, std::vector<std::string>> columns_;  ///< by lower-case table name; of views none
};

}  // namespace toolkit::sqlite
