#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "render_parts.hpp"
#include "toolkit/error.hpp"

namespace toolkit::postgresql {

namespace {

constexpr std::array<std::string_view, 9> kinds = {"schema",   "extension", "enum",  "domain", "type",
                                                   "sequence", "routine",   "table", "view"};

std::size_t rank_of(const CatalogObject& object) {
  return static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), object.kind) - kinds.begin());
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
  }
  return parts;
}

std::vector<std::string> requirements_of(const CatalogObject& object) {
  std::vector<std::string> all = split(object.property("requires"), "; ");
  for (const char* property : {"partition-of", "inherits"}) {
    for (const std::string& parent : split(object.property(property), ", ")) {
      all.push_back("table " + parent);
    }
  }
  return all;
}

struct Node {
  const CatalogObject* object = nullptr;
  std::size_t waits_for = 0;
  std::vector<std::size_t> needed_by;
};

std::vector<Node> graph_of(const Catalog& catalog) {
  std::vector<Node> nodes;
  std::map<std::string, std::size_t> places;
  for (const auto& object : catalog.objects) {
    if (rank_of(*object) < kinds.size()) {
      places[object->kind + " " + object->name] = nodes.size();
      nodes.push_back({object.get(), 0, {}});
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& name : requirements_of(*nodes[i].object)) {
      // What is not in the catalog (left out by its scope, unsupported) cannot be waited for.
      if (const auto found = places.find(name); found != places.end() && found->second != i) {
        nodes[found->second].needed_by.push_back(i);
        ++nodes[i].waits_for;
      }
    }
  }
  return nodes;
}

[[noreturn]] void refuse_circle(const std::vector<Node>& nodes) {
  std::string names;
  for (const Node& node : nodes) {
    if (node.waits_for > 0) {
      names += (names.empty() ? "" : ", ") + node.object->kind + " " + node.object->name;
    }
  }
  throw Error(ErrorKind::server, "no order makes these, they require each other: " + names,
              "write this part of the schema by hand");
}

}  // namespace

std::vector<const CatalogObject*> in_order_of_making(const Catalog& catalog) {
  std::vector<Node> nodes = graph_of(catalog);
  // Of what can be made now: by kind, then as the catalog has it.
  std::set<std::pair<std::size_t, std::size_t>> ready;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].waits_for == 0) {
      ready.emplace(rank_of(*nodes[i].object), i);
    }
  }
  std::vector<const CatalogObject*> order;
  while (!ready.empty()) {
    const std::size_t at = ready.extract(ready.begin()).value().second;
    order.push_back(nodes[at].object);
    for (const std::size_t next : nodes[at].needed_by) {
      if (--nodes[next].waits_for == 0) {
        ready.emplace(rank_of(*nodes[next].object), next);
      }
    }
  }
  if (order.size() != nodes.size()) {
    refuse_circle(nodes);
  }
  return order;
}

}  // namespace toolkit::postgresql
