#include <algorithm>
#include <vector>

#include "ascii.hpp"
#include "catalog_words.hpp"
#include "toolkit/catalog.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

/// What may stand behind a kind or a property without quotes: no blank and no quote at its start.
std::string one_line(std::string_view text, bool is_name) {
  const bool is_plain = !text.empty() && !is_blank(text.front()) && text.front() != '"' &&
                        is_plain_line(text) &&
                        (!is_name || text.find_first_of(" \t\"") == std::string_view::npos);
  return is_plain ? std::string(text) : quoted_line(text);
}

void append_block(std::string& text, std::string_view value, const std::string& indent) {
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find('\n', begin), value.size());
    const std::string_view line = value.substr(begin, end - begin);
    text += indent;
    if (is_plain_line(line)) {
      text.append(line.empty() ? "|" : "| ").append(line);
    } else {
      text += quoted_line(line);
    }
    text += '\n';
    begin = end + 1;
  }
}

void append_property(std::string& text, const Property& property, std::size_t depth) {
  if (!is_catalog_word(property.name, false)) {
    throw Error(ErrorKind::internal, "'" + property.name + "' cannot be the name of a fact in a catalog");
  }
  const std::string indent(2 * depth, ' ');
  text.append(indent).append(property.name).append(":");
  // A quote at its start would look like ours: SQL that begins with a quoted name reads better in a block.
  const bool is_block = property.value.find('\n') != std::string::npos ||
                        (property.value.starts_with('"') && is_plain_line(property.value));
  if (!is_block) {
    text.append(" ").append(one_line(property.value, false)).append("\n");
  } else {
    text += '\n';
    append_block(text, property.value, indent + "  ");
  }
}

void append_head(std::string& text, const CatalogObject& object, std::size_t depth) {
  if (!is_catalog_word(object.kind, true)) {
    throw Error(ErrorKind::internal, "'" + object.kind + "' cannot be a kind of object in a catalog");
  }
  if (depth >= deepest_catalog) {
    throw Error(ErrorKind::internal, "a catalog's objects stand in each other deeper than 16");
  }
  text.append(2 * depth, ' ')
      .append(object.kind)
      .append(" ")
      .append(one_line(object.name, true))
      .append("\n");
  for (const Property& property : object.properties) {
    append_property(text, property, depth + 1);
  }
}

void append_object(std::string& text, const CatalogObject& object) {
  struct Place {
    const CatalogObject* object;
    std::size_t next_child;
  };
  std::vector<Place> open = {{&object, 0}};
  append_head(text, object, 0);
  while (!open.empty()) {
    Place& place = open.back();
    if (place.next_child == place.object->children.size()) {
      open.pop_back();
      continue;
    }
    const CatalogObject& child = place.object->children[place.next_child++];
    append_head(text, child, open.size());
    open.push_back({&child, 0});
  }
}

}  // namespace

std::string catalog_text(const Catalog& catalog) {
  std::string text =
      "catalog " + std::to_string(catalog_format) + " " + one_line(catalog.dialect, true) + "\n";
  for (const auto& object : catalog.objects) {
    text += '\n';
    append_object(text, *object);
  }
  text += catalog.unsupported.empty() ? "" : "\n";
  for (const std::string& each : catalog.unsupported) {
    append_property(text, {"unsupported", each}, 0);
  }
  return text;
}

}  // namespace toolkit
