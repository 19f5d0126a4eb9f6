#include <algorithm>
#include <utility>

#include "parity_types.hpp"

namespace toolkit {

namespace {

using Finding = std::optional<TypeFinding>;

const Finding equal = std::nullopt;
const Finding another_type = TypeFinding{"type", false};

/// The bits that a column of another dialect needs to hold it: none has 24, few have 8, one has unsigned
/// ones.
int capacity(const ColumnType& type) {
  const int width = type.width == 8 ? 16 : type.width == 24 ? 32 : type.width;
  if (!type.is_unsigned) {
    return width;
  }
  return type.width == 8 ? 16 : type.width == 24 ? 32 : type.width * 2;
}

Finding compare_integers(const ColumnType& a, const ColumnType& b, bool one_family) {
  if (a.width == 0 || b.width == 0) {
    return equal;
  }
  if (one_family || a.is_unsigned == b.is_unsigned) {
    const bool is_same =
        one_family ? a.width == b.width && a.is_unsigned == b.is_unsigned : capacity(a) == capacity(b);
    return is_same ? equal : another_type;
  }
  return capacity(a) == capacity(b) ? equal : another_type;
}

Finding compare_sizes(const ColumnType& a, const ColumnType& b, const char* rule) {
  const bool is_any = (a.is_weak && a.size.empty()) || (b.is_weak && b.size.empty());
  return is_any || a.size == b.size ? equal : TypeFinding{rule, false};
}

Finding compare_seconds(const ColumnType& a, const ColumnType& b) {
  const bool are_held = !a.is_weak && !b.is_weak;
  if (are_held && a.is_utc != b.is_utc) {
    return TypeFinding{"time-zone", false};
  }
  return are_held && a.fraction != b.fraction ? Finding(TypeFinding{"fraction", true}) : equal;
}

Finding compare_labels(const ColumnType& a, const ColumnType& b) {
  return a.labels == b.labels ? equal : TypeFinding{"enum-labels", false};
}

/// Lengths of texts and bytes that only one family's names tell: TINYTEXT and LONGTEXT, BINARY(16) and BLOB.
Finding compare_names(const ColumnType& a, const ColumnType& b, bool one_family) {
  const bool is_same = !one_family || lower_ascii(a.native) == lower_ascii(b.native);
  return is_same ? equal : TypeFinding{"length", false};
}

Finding compare_one_class(const ColumnType& a, const ColumnType& b, bool one_family) {
  switch (a.type_class) {
    case TypeClass::integer:
      return compare_integers(a, b, one_family);
    case TypeClass::real:
      return a.width == 0 || b.width == 0 || a.width == b.width ? equal : another_type;
    case TypeClass::decimal:
      return compare_sizes(a, b, "precision");
    case TypeClass::varchar:
    case TypeClass::character:
      return compare_sizes(a, b, "length");
    case TypeClass::text:
    case TypeClass::bytes:
      return compare_names(a, b, one_family);
    case TypeClass::time:
    case TypeClass::timestamp:
      return compare_seconds(a, b);
    case TypeClass::enumeration:
      return compare_labels(a, b);
    case TypeClass::other:
      return lower_ascii(a.native) == lower_ascii(b.native) ? equal : another_type;
    default:
      return equal;
  }
}

bool is_text(const ColumnType& type) {
  return type.type_class == TypeClass::text || type.type_class == TypeClass::varchar ||
         type.type_class == TypeClass::character;
}

bool holds_uuid(const ColumnType& type) {
  const bool is_word = is_text(type) && (type.size.empty() || type.size == "36");
  const bool is_binary =
      type.type_class == TypeClass::bytes && (type.is_weak || lower_ascii(type.native) == "binary(16)");
  return is_word || is_binary;
}

/// An enum, and a text with a check that lists the same values.
bool lists_labels(const ColumnType& enumeration, const ColumnType& text) {
  std::vector<std::string> labels = enumeration.labels;
  std::sort(labels.begin(), labels.end());
  return is_text(text) && !text.listed.empty() && labels == text.listed;
}

/// Of two classes; tried with both orders.
Finding compare_classes(const ColumnType& a, const ColumnType& b) {
  switch (a.type_class) {
    case TypeClass::uuid:
      return holds_uuid(b) ? equal : another_type;
    case TypeClass::enumeration:
      if (is_text(b) && !b.listed.empty() && !lists_labels(a, b)) {
        return TypeFinding{"enum-labels", false};
      }
      return lists_labels(a, b) ? equal : another_type;
    case TypeClass::boolean:
      return b.type_class == TypeClass::integer && b.is_weak ? equal : another_type;
    case TypeClass::text:
      // SQLite's own word for every text, as INTEGER is for every whole number.
      return a.is_weak && a.size.empty() && is_text(b) ? equal : another_type;
    case TypeClass::varchar:
      return b.type_class == TypeClass::character && (a.is_weak || b.is_weak) ? compare_sizes(a, b, "length")
                                                                              : another_type;
    case TypeClass::decimal:
      return a.size == "20,0" && b.type_class == TypeClass::integer && b.is_unsigned && b.width == 64
                 ? equal
                 : another_type;
    default:
      return another_type;
  }
}

}  // namespace

std::optional<TypeFinding> compare_types(const ColumnType& a, const ColumnType& b, bool one_family) {
  if (a.type_class == TypeClass::anything || b.type_class == TypeClass::anything) {
    return equal;
  }
  if (a.type_class == b.type_class) {
    return compare_one_class(a, b, one_family);
  }
  const Finding one_way = compare_classes(a, b);
  const Finding other_way = compare_classes(b, a);
  if (!one_way || !other_way) {
    return equal;
  }
  return one_way->rule == "type" ? other_way : one_way;
}

}  // namespace toolkit
