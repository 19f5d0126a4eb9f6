#include <algorithm>

#include "generate_parts.hpp"

namespace toolkit {

namespace {

/// `id VARCHAR(20) NOT NULL`, with the type's neutral default where `has_default`.
std::string definition(const ColumnSpec& column, const SqlFamily& family, bool has_default = false) {
  const std::string name = identifier(column.name, family);
  const bool says_not_null = column.type->word == "id";
  std::string text = name + " " + filled(column.type->sql.*family.text, column.size) +
                     (column.not_null && !says_not_null ? " NOT NULL" : "");
  if (has_default) {
    text += " DEFAULT " + std::string(column.type->neutral.*family.text);
  }
  const std::string check = filled(column.type->check.*family.text, name);
  if (check.empty()) {
    return text;
  }
  return text + " CHECK (" + (column.not_null ? "" : name + " IS NULL OR ") + check + ")";
}

std::string create_table(const Change& change, const SqlFamily& family) {
  std::string text = "CREATE TABLE " + identifier(change.table, family) + " (";
  for (const ColumnSpec& column : change.columns) {
    text += (&column == &change.columns.front() ? "\n  " : ",\n  ") + definition(column, family);
  }
  return text + "\n)";
}

std::string drop_table(const Change& change, const SqlFamily& family) {
  return "DROP TABLE " + identifier(change.table, family);
}

// One column a statement: SQLite's ALTER TABLE takes no more.
std::vector<std::string> add_columns(const Change& change, const SqlFamily& family) {
  std::vector<std::string> texts;
  for (const ColumnSpec& column : change.columns) {
    texts.push_back("ALTER TABLE " + identifier(change.table, family) + " ADD COLUMN " +
                    definition(column, family, column.not_null));
  }
  return texts;
}

// In the opposite order of adding, so that a step undoes the last one first.
std::vector<std::string> remove_columns(const Change& change, const SqlFamily& family) {
  std::vector<std::string> texts;
  for (const ColumnSpec& column : change.columns) {
    texts.push_back("ALTER TABLE " + identifier(change.table, family) + " DROP COLUMN " +
                    identifier(column.name, family));
  }
  std::reverse(texts.begin(), texts.end());
  return texts;
}

}  // namespace

std::vector<std::string> statements(const Change& change, Direction direction, const SqlFamily& family) {
  const bool up = direction == Direction::up;
  switch (change.kind) {
    case ChangeKind::create_table:
      return {up ? create_table(change, family) : drop_table(change, family)};
    case ChangeKind::drop_table:
      return {up ? drop_table(change, family) : create_table(change, family)};
    case ChangeKind::add_columns:
      return up ? add_columns(change, family) : remove_columns(change, family);
    case ChangeKind::remove_columns:
      return up ? remove_columns(change, family) : add_columns(change, family);
    case ChangeKind::by_hand:
      break;
  }
  return {};
}

}  // namespace toolkit
