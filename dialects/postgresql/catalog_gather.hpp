#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/catalog.hpp"
#include "toolkit/query.hpp"

namespace toolkit::postgresql {

/// A top object while its rows come in, with what its parts need to know of it.
struct Draft {
  CatalogObject object;
  std::string name;                  ///< as the server has it, without schema
  std::string comment;               ///< goes behind the other properties
  std::vector<std::string> columns;  ///< names in their order
  std::vector<std::string> needs;    ///< `kind name` of what must stand before it
  std::vector<CatalogObject> grants;
  std::vector<std::string> unsupported;
};

/// By class letter and oid: R16400 (relation), T (type), P (routine).
using Drafts = std::map<std::string, Draft>;

using Row = Rows::value_type;

/// Pure. Cells: the text ("" for NULL), a boolean, a JSON array of texts (nulls as "").
std::string text_of(const Row& row, std::size_t column);
bool is_true(const Row& row, std::size_t column);
std::vector<std::string> list_of(const Row& row, std::size_t column);

/// Pure. Nothing is added for an empty value; `yes` for a fact that holds.
void add(CatalogObject& object, const std::string& name, const std::string& value);
void add_fact(CatalogObject& object, const std::string& name, bool holds);

/// Pure. Spelled names joined by `, `.
std::string joined_names(const std::vector<std::string>& names);
std::string joined(const std::vector<std::string>& texts, const std::string& separator);

/// Pure. `(start 10, increment 5)`: what of a sequence is not as the server would choose; "" when all is.
struct SequenceRow {
  std::string type, start, increment, minimum, maximum, cache;
  bool cycle = false;
};
void add_sequence(CatalogObject& object, const SequenceRow& sequence);
std::string sequence_options(const SequenceRow& sequence);

/// Pure. Rows of the texts in catalog_sql.hpp into drafts; rows of objects that have no draft are passed
/// over.
void gather_relations(const Rows& rows, Drafts& drafts);
void gather_columns(const Rows& rows, Drafts& drafts);
void gather_constraints(const Rows& rows, Drafts& drafts);
void gather_indexes(const Rows& rows, Drafts& drafts);
void gather_triggers(const Rows& rows, Drafts& drafts);
void gather_policies(const Rows& rows, Drafts& drafts);
void gather_rules(const Rows& rows, Drafts& drafts);
void gather_statistics(const Rows& rows, Drafts& drafts);
void gather_sequences(const Rows& rows, Drafts& drafts);
void gather_types(const Rows& rows, Drafts& drafts);
void gather_routines(const Rows& rows, Drafts& drafts);
void gather_aggregates(const Rows& rows, Drafts& drafts);
void gather_requirements(const Rows& rows, Drafts& drafts);
void gather_grants(const Rows& rows, Drafts& drafts);

/// Pure. `role on table apps`, with the properties `to`, `on` and `privileges`.
CatalogObject grant_of(const std::string& role, const std::string& on, const std::string& privileges);

/// Pure. The requirements and the comment go behind the properties, children into their order.
void finish(Draft& draft);

}  // namespace toolkit::postgresql
