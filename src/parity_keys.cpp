#include <algorithm>
#include <optional>

#include "parity_compare.hpp"

namespace toolkit {

namespace {

struct KeyPart {
  std::string what;    ///< a folded name, or an expression in one form
  std::string prefix;  ///< `(10)` of MySQL
  bool is_descending = false;
  bool is_certain = true;  ///< else two unequal expressions may mean the same
};

/// A primary key, a unique constraint or an index: what they say alike.
struct Key {
  const CatalogObject* object = nullptr;
  std::vector<KeyPart> parts;
  bool is_unique = false;
  bool is_special = false;  ///< a full-text, spatial, inverted or other index that holds no order
};

/// Where a part's name or expression ends and ` desc`, a prefix length or an operator class begin.
std::size_t end_of_part(const std::string& part) {
  if (part.starts_with('(')) {
    int depth = 0;
    char quote = '\0';
    for (std::size_t i = 0; i < part.size(); ++i) {
      const char c = part[i];
      if (quote != '\0') {
        quote = c == quote ? '\0' : quote;
      } else if (c == '\'' || c == '"' || c == '`') {
        quote = c;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        return i + 1;
      }
    }
    return part.size();
  }
  if (part.starts_with('"') || part.starts_with('`')) {
    return std::min(part.find(part.front(), 1), part.size() - 1) + 1;
  }
  return std::min(part.find_first_of(" ("), part.size());
}

KeyPart key_part(const std::string& text) {
  const std::size_t end = end_of_part(text);
  const std::string head = text.substr(0, end);
  const std::string rest = text.substr(end);
  KeyPart part;
  if (head.starts_with('(')) {
    const auto expression = parse_expression(head);
    part.what = expression ? to_string(*expression) : lower_ascii(head);
    part.is_certain = expression && is_plain(*expression);
  } else {
    part.what =
        lower_ascii(head.starts_with('"') || head.starts_with('`') ? head.substr(1, head.size() - 2) : head);
  }
  part.prefix = rest.starts_with('(') ? rest.substr(0, rest.find(')') + 1) : "";
  part.is_descending = (" " + rest + " ").find(" desc ") != std::string::npos;
  return part;
}

Key key_of(const CatalogObject& object) {
  Key key{&object, {}, object.kind != "index" || !object.property("unique").empty(), false};
  for (const std::string& part : split_list(object.property("columns"))) {
    key.parts.push_back(key_part(part));
  }
  const std::string method = lower_ascii(object.property("method"));
  key.is_special = !method.empty() && method != "btree" && method != "hash" && method != "rtree";
  return key;
}

bool has_same_names(const Key& a, const Key& b) {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const KeyPart& x, const KeyPart& y) { return x.what == y.what; });
}

bool has_same_directions(const Key& a, const Key& b) {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const KeyPart& x, const KeyPart& y) { return x.is_descending == y.is_descending; });
}

bool has_same_prefixes(const Key& a, const Key& b) {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const KeyPart& x, const KeyPart& y) { return x.prefix == y.prefix; });
}

Agreement compare_predicates(const Key& a, const Key& b) {
  const std::string_view x = a.object->property("where");
  const std::string_view y = b.object->property("where");
  if (x.empty() || y.empty()) {
    return x.empty() == y.empty() ? Agreement::equal : Agreement::different;
  }
  return compare_conditions(x, y);
}

bool is_same(const Key& a, const Key& b) {
  return a.is_unique == b.is_unique && a.is_special == b.is_special && has_same_names(a, b) &&
         has_same_directions(a, b) && (!a.is_unique || has_same_prefixes(a, b)) &&
         compare_predicates(a, b) == Agreement::equal;
}

/// For a person: `unique (a, b desc) where …`.
std::string shown(const Key& key) {
  std::string text = key.is_unique && key.object->kind == "index" ? "unique " : "";
  text.append(key.object->property("method")).append(key.object->property("method").empty() ? "" : " ");
  text.append("(").append(key.object->property("columns")).append(")");
  const std::string_view where = key.object->property("where");
  return where.empty() ? text : text.append(" where ").append(where);
}

std::string title_of_key(const Key& key) {
  if (key.is_unique || key.object->name.empty()) {
    return (key.is_unique ? "unique (" : "index (") + std::string(key.object->property("columns")) + ")";
  }
  return "index " + key.object->name;
}

const CatalogObject* primary_of(const CatalogObject& table) {
  const auto keys = children_of(table, "primary key");
  return keys.empty() ? nullptr : keys.front();
}

/// Uniques and indexes; one that says what the primary key or another one says already is left out.
std::vector<Key> keys_of(const CatalogObject& table) {
  std::vector<Key> keys;
  const CatalogObject* primary = primary_of(table);
  const Key main = primary == nullptr ? Key{} : key_of(*primary);
  for (const std::string_view kind : {"unique", "index"}) {
    for (const CatalogObject* object : children_of(table, kind)) {
      const Key key = key_of(*object);
      const bool is_said =
          (key.is_unique && primary != nullptr && has_same_names(key, main) &&
           object->property("where").empty()) ||
          std::any_of(keys.begin(), keys.end(), [&](const Key& each) { return is_same(each, key); });
      if (!is_said) {
        keys.push_back(key);
      }
    }
  }
  return keys;
}

/// Of a foreign key of the table: InnoDB makes such an index where there is none.
bool serves_foreign_key(const Key& key, const CatalogObject& table) {
  const auto keys = children_of(table, "foreign key");
  return !key.is_unique && std::any_of(keys.begin(), keys.end(), [&](const CatalogObject* each) {
    return has_same_names(key_of(*each), key);
  });
}

void compare_pair(ParityWork& work, const Key& a, const Key& b, const std::string& table) {
  const std::string title = table + ", " + title_of_key(a);
  if (a.is_unique != b.is_unique) {
    const auto said = [](const Key& each) {
      return (each.is_unique ? "unique (" : "not unique (") + std::string(each.object->property("columns")) +
             ")";
    };
    work.add("unique", title, said(a), said(b));
  }
  if (a.is_special != b.is_special) {
    work.add("index-method", title, shown(a), shown(b));
    return;
  }
  if (a.is_special) {
    return;
  }
  if (!has_same_names(a, b)) {
    const auto is_certain = [](const KeyPart& part) { return part.is_certain; };
    const bool is_note = !std::all_of(a.parts.begin(), a.parts.end(), is_certain) ||
                         !std::all_of(b.parts.begin(), b.parts.end(), is_certain);
    work.add("index-columns", title, shown(a), shown(b), is_note);
  } else if (!has_same_directions(a, b)) {
    work.add("index-direction", title, shown(a), shown(b));
  }
  if (a.is_unique && b.is_unique && has_same_names(a, b) && !has_same_prefixes(a, b)) {
    work.add("unique", title, shown(a), shown(b));
  }
  const Agreement agreement = compare_predicates(a, b);
  if (agreement != Agreement::equal) {
    work.add("index-predicate", title, a.object->property("where"), b.object->property("where"),
             agreement == Agreement::undecided);
  }
}

/// Takes pairs out of both lists, in the order of the first.
template <typename Fits, typename Take>
void take_pairs(std::vector<Key>& left, std::vector<Key>& right, Fits fits, Take take) {
  for (auto a = left.begin(); a != left.end();) {
    const auto b = std::find_if(right.begin(), right.end(), [&](const Key& each) { return fits(*a, each); });
    if (b == right.end()) {
      ++a;
      continue;
    }
    take(*a, *b);
    right.erase(b);
    a = left.erase(a);
  }
}

void compare_primary_keys(ParityWork& work, const ObjectCouple& table, const std::string& title) {
  const CatalogObject* a = primary_of(table.reference);
  const CatalogObject* b = primary_of(table.other);
  if (a == nullptr && b == nullptr) {
    return;
  }
  const bool is_same_key = a != nullptr && b != nullptr && has_same_names(key_of(*a), key_of(*b)) &&
                           has_same_prefixes(key_of(*a), key_of(*b));
  if (!is_same_key) {
    work.add("primary-key", title + ", primary key", a == nullptr ? "" : shown(key_of(*a)),
             b == nullptr ? "" : shown(key_of(*b)));
  }
}

}  // namespace

void compare_keys(ParityWork& work, const ObjectCouple& table, const std::string& title) {
  compare_primary_keys(work, table, title);
  std::vector<Key> left = keys_of(table.reference);
  std::vector<Key> right = keys_of(table.other);
  const auto compare = [&](const Key& a, const Key& b) { compare_pair(work, a, b, title); };
  take_pairs(left, right, is_same, [](const Key&, const Key&) {});
  take_pairs(
      left, right,
      [](const Key& a, const Key& b) {
        return !a.object->name.empty() && lower_ascii(a.object->name) == lower_ascii(b.object->name);
      },
      compare);
  take_pairs(left, right, has_same_names, compare);
  for (const Key& key : left) {
    if (!work.reference.facts.indexes_foreign_keys || !serves_foreign_key(key, table.reference)) {
      work.add(key.is_unique ? "unique" : "index", title + ", " + title_of_key(key), shown(key), "");
    }
  }
  for (const Key& key : right) {
    if (!work.other.facts.indexes_foreign_keys || !serves_foreign_key(key, table.other)) {
      work.add(key.is_unique ? "unique" : "index", title + ", " + title_of_key(key), "", shown(key));
    }
  }
}

}  // namespace toolkit
