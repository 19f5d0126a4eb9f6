#include "catalog_names.hpp"

#include <algorithm>
#include <cctype>

namespace toolkit::postgresql {

namespace {

constexpr std::size_t longest_name = 63;  // bytes; NAMEDATALEN - 1

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_' || c == '$';
}

/// Behind the quoted text that begins at `from`; a doubled quote goes on.
std::size_t end_of_quotes(std::string_view text, std::size_t from) {
  const char quote = text[from];
  std::size_t at = from + 1;
  while (at < text.size()) {
    if (text[at] == quote && (at + 1 == text.size() || text[at + 1] != quote)) {
      return at + 1;
    }
    at += text[at] == quote ? 2 : 1;
  }
  return text.size();
}

std::string unquoted(std::string_view text) {
  std::string name;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    name += text[at];
    at += text[at] == '"' ? 1 : 0;
  }
  return name;
}

std::size_t end_of_name(std::string_view text, std::size_t from) {
  if (from < text.size() && text[from] == '"') {
    return end_of_quotes(text, from);
  }
  std::size_t at = from;
  while (at < text.size() && is_plain(text[at])) {
    ++at;
  }
  return at;
}

std::string name_at(std::string_view text, std::size_t from, std::size_t end) {
  const std::string_view part = text.substr(from, end - from);
  return part.starts_with('"') ? unquoted(part) : std::string(part);
}

/// At most `size` bytes, no character cut in two.
std::string_view clipped(std::string_view text, std::size_t size) {
  if (text.size() <= size) {
    return text;
  }
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
    --size;
  }
  return text.substr(0, size);
}

/// makeObjectName.
std::string object_name(std::string_view first, std::string_view second, const std::string& label) {
  const std::size_t overhead = label.size() + 1 + (second.empty() ? 0 : 1);
  std::size_t first_size = first.size();
  std::size_t second_size = second.size();
  while (first_size + second_size > longest_name - overhead) {
    --(first_size > second_size ? first_size : second_size);
  }
  std::string name(clipped(first, first_size));
  if (!second.empty()) {
    name += '_';
    name += clipped(second, second_size);
  }
  return name + '_' + label;
}

/// ChooseIndexNameAddition: joined until 63 bytes are reached.
std::string addition(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) {
    text += (text.empty() ? "" : "_") + column;
    if (text.size() > longest_name) {
      break;
    }
  }
  return text;
}

}  // namespace

std::string spelled(std::string_view name) {
  if (!name.empty() && std::all_of(name.begin(), name.end(), is_plain)) {
    return std::string(name);
  }
  std::string text = "\"";
  for (const char c : name) {
    text.append(c == '"' ? 2U : 1U, c);
  }
  return text + '"';
}

std::string top_name(std::string_view schema, std::string_view name) {
  return (schema == "public" ? "" : spelled(schema) + ".") + spelled(name);
}

std::size_t end_of_part(std::string_view text, std::size_t from, char stop) {
  int depth = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = end_of_quotes(text, at) - 1;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (depth == 0 && (c == stop || c == ')')) {
      return at;
    } else if (c == ')' || c == ']') {
      --depth;
    }
  }
  return text.size();
}

std::vector<SpelledPart> split_list(std::string_view list) {
  std::vector<SpelledPart> parts;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = end_of_part(list, at, ',');
    SpelledPart part;
    part.is_expression = list[at] == '(';
    const std::size_t name_end =
        part.is_expression ? end_of_part(list, at + 1, ')') + 1 : end_of_name(list, at);
    part.name = name_at(list, at, name_end);
    part.rest = list.substr(name_end, end - name_end);
    parts.push_back(std::move(part));
    at = end + 1;
    at += at < list.size() && list[at] == ' ' ? 1 : 0;
  }
  return parts;
}

TopName split_top_name(std::string_view name) {
  const std::size_t first_end = end_of_name(name, 0);
  if (first_end >= name.size() || name[first_end] != '.') {
    return {"public", name_at(name, 0, first_end)};
  }
  return {name_at(name, 0, first_end), name_at(name, first_end + 1, end_of_name(name, first_end + 1))};
}

bool is_generated_name(std::string_view name, std::string_view table, const std::vector<std::string>& columns,
                       std::string_view label) {
  const std::string second = addition(columns);
  if (name == object_name(table, second, std::string(label))) {
    return true;
  }
  std::size_t digits = 0;
  while (digits < name.size() &&
         std::isdigit(static_cast<unsigned char>(name[name.size() - digits - 1])) != 0) {
    ++digits;
  }
  const std::string_view number = name.substr(name.size() - digits);
  return digits > 0 && digits < 6 && number[0] != '0' &&
         name == object_name(table, second, std::string(label) + std::string(number));
}

}  // namespace toolkit::postgresql
