#include <algorithm>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "ascii.hpp"
#include "catalog_words.hpp"
#include "toolkit/catalog.hpp"
#include "toolkit/error.hpp"

namespace toolkit {

namespace {

constexpr std::string_view newer_advice = "update the toolkit, or write the snapshot again with this one";

class CatalogTextReader {
 public:
  CatalogTextReader(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  Catalog read() {
    read_first_line();
    while (next_line()) {
      if (!line_.empty()) {
        read_line();
      }
    }
    close_to(0);
    return std::move(catalog_);
  }

 private:
  [[noreturn]] void fail(std::string message, std::size_t column, std::string_view advice = {}) const {
    throw error_at(ErrorKind::files, std::move(message), path_, text_, line_begin_ + column,
                   std::string(advice));
  }

  /// The next line without its end, in `line_`.
  bool next_line() {
    if (at_ >= text_.size()) {
      return false;
    }
    line_begin_ = at_;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    line_ = text_.substr(at_, end - at_);
    if (line_.ends_with('\r')) {
      line_.remove_suffix(1);
    }
    at_ = end + 1;
    return true;
  }

  void read_first_line() {
    constexpr std::string_view begin = "catalog ";
    if (!next_line() || !line_.starts_with(begin)) {
      fail("this is no catalog: its first line is to be 'catalog " + std::to_string(catalog_format) +
               " DIALECT'",
           0);
    }
    std::size_t at = begin.size();
    long long format = 0;
    while (at < line_.size() && is_digit(line_[at]) && format < std::numeric_limits<int>::max()) {
      format = format * 10 + (line_[at++] - '0');
    }
    if (format > catalog_format) {
      fail("the catalog has format " + std::to_string(format) + "; this toolkit reads up to " +
               std::to_string(catalog_format),
           begin.size(), newer_advice);
    }
    if (format < 1 || at >= line_.size() || line_[at] != ' ') {
      fail("a format number and a dialect are expected here", begin.size());
    }
    catalog_.dialect = read_rest(at + 1, true);
  }

  void read_line() {
    std::size_t indent = line_.find_first_not_of(' ');
    indent = indent == std::string_view::npos ? line_.size() : indent;
    const std::size_t depth = indent / 2;
    if (indent % 2 != 0 || depth > open_.size()) {
      fail("the indentation is two blanks for each level, at most " + std::to_string(2 * open_.size()) +
               " here",
           indent);
    }
    const std::size_t end = std::min(line_.find_first_of(": \"", indent), line_.size());
    if (end < line_.size() && line_[end] == ':') {
      read_property(depth, indent, end);
    } else {
      read_object(depth, indent);
    }
  }

  void read_property(std::size_t depth, std::size_t begin, std::size_t colon) {
    const std::string name(line_.substr(begin, colon - begin));
    if (!is_catalog_word(name, false)) {
      fail("'" + name + "' cannot be the name of a fact", begin);
    }
    if (depth == 0 && name == "unsupported") {
      close_to(0);
      catalog_.unsupported.push_back(read_value(colon, depth));
      return;
    }
    if (depth == 0) {
      fail("the fact '" + name + "' belongs to no object", begin);
    }
    if (depth < open_.size()) {
      fail("facts stand before what belongs to their object", begin);
    }
    std::string value = read_value(colon, depth);
    open_.back().properties.push_back({name, std::move(value)});
  }

  /// What stands behind the colon, or the block in the lines below it.
  std::string read_value(std::size_t colon, std::size_t depth) {
    if (colon + 1 < line_.size()) {
      if (line_[colon + 1] != ' ') {
        fail("a blank is expected between a fact and its value", colon + 1);
      }
      return read_rest(colon + 2, false);
    }
    std::string value;
    bool is_first = true;
    const std::string indent(2 * depth + 2, ' ');
    while (next_is_block(indent)) {
      next_line();
      value += is_first ? "" : "\n";
      is_first = false;
      if (line_[indent.size()] == '"') {
        value += read_quoted(indent.size());
      } else if (line_.size() > indent.size() + 1 && line_[indent.size() + 1] != ' ') {
        fail("a blank is expected behind '|'", indent.size() + 1);
      } else {
        value += line_.substr(std::min(indent.size() + 2, line_.size()));
      }
    }
    if (is_first) {
      fail("a value is expected, behind the colon or in lines below that start with '|'", colon + 1);
    }
    return value;
  }

  bool next_is_block(const std::string& indent) const {
    const std::string_view rest = text_.substr(std::min(at_, text_.size()));
    return rest.starts_with(indent) && rest.size() > indent.size() &&
           (rest[indent.size()] == '|' || rest[indent.size()] == '"');
  }

  void read_object(std::size_t depth, std::size_t begin) {
    if (depth >= deepest_catalog) {
      fail("objects stand in each other deeper than " + std::to_string(deepest_catalog), begin);
    }
    // The name is the last word, or what is quoted: only it may hold quotes.
    std::size_t name = line_.find('"', begin);
    name = name == std::string_view::npos ? line_.rfind(' ') + 1 : name;
    if (name <= begin + 1 || line_[name - 1] != ' ') {
      fail("a kind of object and its name are expected, or a fact with a colon behind it", begin);
    }
    CatalogObject object;
    object.kind = line_.substr(begin, name - 1 - begin);
    if (!is_catalog_word(object.kind, true)) {
      fail("'" + object.kind + "' cannot be a kind of object", begin);
    }
    object.name = read_rest(name, true);
    close_to(depth);
    open_.push_back(std::move(object));
  }

  /// The value that begins at `begin` and goes to the end of the line, quoted or not.
  std::string read_rest(std::size_t begin, bool is_name) {
    const std::string_view rest = line_.substr(std::min(begin, line_.size()));
    if (rest.empty()) {
      fail(is_name ? "a name is expected here" : "a value is expected here", line_.size());
    }
    return rest.front() == '"' ? read_quoted(begin) : std::string(rest);
  }

  std::string read_quoted(std::size_t quote) {
    std::string value;
    for (std::size_t at = quote + 1; at < line_.size(); ++at) {
      if (line_[at] == '"') {
        if (at + 1 < line_.size()) {
          fail("nothing may stand behind the closing quote", at + 1);
        }
        return value;
      }
      value += line_[at] == '\\' ? read_escape(at) : line_[at];
    }
    fail("the quote is not closed in this line", quote);
  }

  /// `at` stands on the backslash, and afterwards on the escape's last byte.
  char read_escape(std::size_t& at) {
    const std::size_t begin = at;
    const char c = ++at < line_.size() ? line_[at] : '\0';
    switch (c) {
      case '\\':
      case '"':
        return c;
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'x': {
        const int high = hex_digit(++at);
        const int low = hex_digit(++at);
        if (high >= 0 && low >= 0) {
          return static_cast<char>(high * 16 + low);
        }
        break;
      }
      default:
        break;
    }
    fail(R"(an escape is one of \\ \" \n \r \t \xHH)", begin);
  }

  int hex_digit(std::size_t at) const {
    const char c = at < line_.size() ? upper(line_[at]) : '\0';
    return is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  /// Hands what is open below a depth to its parents.
  void close_to(std::size_t depth) {
    while (open_.size() > depth) {
      CatalogObject object = std::move(open_.back());
      open_.pop_back();
      if (open_.empty()) {
        catalog_.objects.push_back(std::make_shared<const CatalogObject>(std::move(object)));
      } else {
        open_.back().children.push_back(std::move(object));
      }
    }
  }

  std::string_view text_;
  const std::string& path_;
  Catalog catalog_;
  std::vector<CatalogObject> open_;  ///< the object that is read, behind those it stands in
  std::string_view line_;
  std::size_t line_begin_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

Catalog read_catalog_text(std::string_view text, const std::string& path) {
  return CatalogTextReader(text, path).read();
}

}  // namespace toolkit
