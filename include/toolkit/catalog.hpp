#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/history.hpp"

/// The structure of a live database as values: what `verify` compares, `schema dump` writes and `parity`
/// holds against other dialects.
namespace toolkit {

/// A fact about an object. Values are normalised by the reader: two databases that mean the same say the
/// same.
struct Property {
  std::string name;
  std::string value;
  bool operator==(const Property&) const = default;
};

/// One thing of a catalog: a kind, a name, facts, and what belongs to it. The vocabulary of kinds and
/// properties is the table in docs/catalog.md; a fact that does not hold is left out, never written as "no"
/// (`nullable` is the exception: it is always said). Comments are the property `comment` of their object.
///
/// Kinds at the top: database, schema, extension, enum, domain, type, sequence, table, view, routine, event,
/// grant. Kinds below a table or view: column (in their order), primary key, unique, foreign key, check,
/// exclusion, index, trigger, rule, policy, statistics, partition.
struct CatalogObject {
  std::string kind;
  std::string name;  ///< within its parent; at the top with its schema unless that is the default one
  std::vector<Property> properties;     ///< in the vocabulary's order
  std::vector<CatalogObject> children;  ///< columns first in their order, then by kind and name

  /// Empty when the fact does not hold.
  std::string_view property(std::string_view property_name) const;
  bool operator==(const CatalogObject&) const = default;
};

/// The newest format of the text of a catalog; it stands in its first line.
inline constexpr int catalog_format = 1;

/// Everything in one database but system schemas, our own two tables, and members of extensions. Objects are
/// shared: two catalogs of one reader hold the same pointer for what has not changed, so comparing them
/// costs what has.
struct Catalog {
  std::string dialect;  ///< the flavour: postgresql, mysql, mariadb, sqlite
  std::string server;   ///< "PostgreSQL 15.20"; not compared
  std::vector<std::shared_ptr<const CatalogObject>> objects;  ///< by kind and name
  std::vector<std::string> unsupported;  ///< "kind name" of what cannot be modelled; never dropped silently

  const CatalogObject* find(std::string_view kind, std::string_view name) const;
};

/// Pure. Puts objects and children into the order that the contract asks for: kinds as the vocabulary lists
/// them (unknown ones last, by name), then names and, where names are equal, facts byte by byte; columns and
/// partitions keep their own order. Readers end with it, so that all of them agree.
void sort_catalog(Catalog& catalog);
void sort_children(CatalogObject& object);

/// Which part of a database is read.
struct CatalogScope {
  HistoryPlace place;                ///< our own tables, left out
  std::vector<std::string> schemas;  ///< PostgreSQL: only these; empty: all but system schemas
};

/// Reads catalogs of one open connection, again and again at the price of what changed: it keeps what it read
/// and asks the server for cheap stamps (row versions, definitions) first. Holds the connection; not
/// thread-safe.
class CatalogReader {
 public:
  virtual ~CatalogReader() = default;
  CatalogReader(const CatalogReader&) = delete;
  CatalogReader& operator=(const CatalogReader&) = delete;

  /// Touches the server with reads only; works in the middle of a transaction. Throws Error(connection,
  /// server).
  virtual Catalog read() = 0;

 protected:
  CatalogReader() = default;
};

/// Pure. A snapshot: byte-stable UTF-8 text, one fact a line, that people review in a pull request. First
/// line `catalog 1 postgresql`; `read_catalog_text(catalog_text(c))` equals `c` but for `server`. The form is
/// in docs/catalog.md. Throws Error(internal) for a kind or a property whose name is not in small letters,
/// digits,
/// `-` and single blanks, and for objects nested deeper than 16.
std::string catalog_text(const Catalog& catalog);

/// Pure. The reverse; lines may end in LF or CRLF. Iterative and linear. Throws Error(files) with line and
/// column for text that is none, or of a newer format.
Catalog read_catalog_text(std::string_view text, const std::string& path);

}  // namespace toolkit
