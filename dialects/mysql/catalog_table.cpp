#include "catalog_table.hpp"

#include <algorithm>
#include <utility>

#include "catalog_column.hpp"
#include "history_sql.hpp"

namespace toolkit::mysql {

namespace {

struct Option {
  std::string name;
  std::string value;
};

// Builds of MariaDB differ in whether they quote the numbers of an engine's options.
std::string option_value(const std::string& value) {
  const bool is_quoted_number = value.size() > 2 && value.front() == '\'' && value.back() == '\'' &&
                                value.find_first_not_of("0123456789", 1) == value.size() - 1;
  return is_quoted_number ? value.substr(1, value.size() - 2) : value;
}

// "row_format=COMPRESSED KEY_BLOCK_SIZE=8 `PAGE_COMPRESSED`=1 partitioned", names in lower case.
std::vector<Option> options_of(std::string_view text) {
  std::vector<Option> options;
  for (std::size_t at = 0; at < text.size();) {
    char quote = 0;
    std::size_t end = at;
    for (; end < text.size() && (quote != 0 || text[end] != ' '); ++end) {
      const char c = text[end];
      quote = quote == c ? '\0' : quote == 0 && (c == '\'' || c == '"') ? c : quote;
    }
    std::string word(text.substr(at, end - at));
    word.erase(std::remove(word.begin(), word.end(), '`'), word.end());
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos) {
      options.push_back({lower_case(word.substr(0, equals)), option_value(word.substr(equals + 1))});
    }
    at = end + 1;
  }
  std::sort(options.begin(), options.end(), [](const Option& a, const Option& b) { return a.name < b.name; });
  return options;
}

/// What says that an option is not used is as good as its absence.
bool is_off(const Option& option) {
  return (option.name == "page_compressed" && option.value == "0") ||
         (option.name == "compression" && lower_case(option.value).find("none") != std::string::npos);
}

void add_table_facts(CatalogObject& table, const TableRows& rows) {
  add_fact(table, "engine", field(rows.table, 1));
  add_fact(table, "charset", field(rows.table, 3));
  add_fact(table, "collation", field(rows.table, 2));
  std::string options = field(rows.table, 6) == "SYSTEM VERSIONED" ? "system_versioning" : "";
  std::string row_format;
  for (const Option& option : options_of(field(rows.table, 4))) {
    if (option.name == "row_format") {
      row_format = lower_case(option.value);
    } else if (!is_off(option)) {
      options += (options.empty() ? "" : " ") + option.name + "=" + option.value;
    }
  }
  add_fact(table, "row-format", row_format);
  add_fact(table, "options", options);
  add_fact(table, "comment", field(rows.table, 5));
}

ColumnFacts column_facts(const Row& row, const TableRows& rows, const CatalogSource& source) {
  ColumnFacts facts;
  facts.name = field(row, 1);
  facts.default_text = row[2];
  facts.is_nullable = field(row, 3) == "YES";
  facts.type = field(row, 4);
  facts.extra = field(row, 5);
  facts.generation = field(row, 6);
  facts.charset = field(row, 7);
  facts.collation = field(row, 8);
  facts.comment = field(row, 9);
  facts.srid = field(row, 10);
  if (const auto found = rows.srids.find(facts.name); found != rows.srids.end()) {
    facts.srid = found->second;
  }
  facts.is_json = source.is_mariadb && facts.type == "longtext" && facts.collation == "utf8mb4_bin" &&
                  std::any_of(rows.checks.begin(), rows.checks.end(),
                              [&](const Row& check) { return is_json_check(check, facts.name); });
  if (!source.is_mariadb && facts.type.find("binary") != std::string::npos && !rows.created.empty()) {
    facts.created_default = created_default(rows.created, facts.name);
  }
  return facts;
}

bool has_bytes_default(const Row& column) {
  return column[2].has_value() && field(column, 4).find("binary") != std::string::npos;
}

// `a` < `b`: what a period of MariaDB 10 looks like among the checks.
bool may_be_period(const Row& check) {
  const std::string clause = field(check, 2);
  return field(check, 4) == "Table" && clause.size() > 8 && clause.front() == '`' && clause.back() == '`' &&
         clause.find("` < `") != std::string::npos;
}

void list_unsupported(const TableRows& rows, const CatalogSource& source,
                      std::vector<std::string>& unsupported) {
  const std::string table = field(rows.table, 0);
  for (std::size_t at = rows.created.find("\n  PERIOD FOR `"); at != std::string::npos;
       at = rows.created.find("\n  PERIOD FOR `", at + 1)) {
    const std::size_t start = at + 15;
    unsupported.push_back("period " + table + "." +
                          rows.created.substr(start, rows.created.find('`', start) - start));
  }
  for (const Row& column : rows.columns) {
    // MariaDB shows bytes that are no text as question marks, wherever it shows them.
    if (source.is_mariadb && has_bytes_default(column) && field(column, 2).find('?') != std::string::npos) {
      unsupported.push_back("default of bytes " + table + "." + field(column, 1));
    }
  }
  for (const Row& partition : rows.partitions) {
    if (field(partition, 3) == "SYSTEM_TIME") {
      unsupported.push_back("partitions by system time " + table);
      break;
    }
  }
}

}  // namespace

std::string field(const Row& row, std::size_t i) { return row.at(i).value_or(""); }

bool needs_created(const TableRows& rows, const CatalogSource& source) {
  const auto has_options = [](const Row& index) {
    return field(index, 6) == "FULLTEXT" || field(index, 6) == "VECTOR";
  };
  const bool has_period =
      source.is_mariadb && std::any_of(rows.checks.begin(), rows.checks.end(), may_be_period);
  const bool has_bytes =
      !source.is_mariadb && std::any_of(rows.columns.begin(), rows.columns.end(), has_bytes_default);
  return has_period || has_bytes || std::any_of(rows.indexes.begin(), rows.indexes.end(), has_options);
}

CatalogObject table_object(const TableRows& rows, const CatalogSource& source,
                           std::vector<std::string>& unsupported) {
  CatalogObject table{"table", field(rows.table, 0), {}, {}};
  add_table_facts(table, rows);
  for (const Row& row : rows.columns) {
    table.children.push_back(column_object(column_facts(row, rows, source), field(rows.table, 2), source));
  }
  add_indexes(table, rows, source);
  add_references(table, rows, source);
  add_checks(table, rows, source);
  add_partitions(table, rows, source);
  sort_children(table);
  list_unsupported(rows, source, unsupported);
  return table;
}

bool is_json_check(const Row& check, const std::string& column) {
  return field(check, 4) == "Column" && field(check, 1) == column &&
         field(check, 2) == "json_valid(" + mysql::quoted(column) + ")";
}

std::string created_index_tail(const std::string& created, const std::string& index) {
  const std::size_t at = created.find(" KEY " + mysql::quoted(index) + " (");
  if (at == std::string::npos) {
    return {};
  }
  // The columns end with the first parenthesis outside of names and of the lengths of prefixes.
  int depth = 0;
  bool in_name = false;
  std::size_t i = created.find('(', at + mysql::quoted(index).size() + 5);
  for (; i < created.size(); ++i) {
    in_name = in_name != (created[i] == '`');
    depth += in_name ? 0 : created[i] == '(' ? 1 : created[i] == ')' ? -1 : 0;
    if (depth == 0 && !in_name) {
      break;
    }
  }
  const std::size_t end = created.find('\n', i);
  return created.substr(i + 1, end - i - 1);
}

std::string created_default(const std::string& created, const std::string& column) {
  const std::size_t line = created.find("\n  " + mysql::quoted(column) + " ");
  if (line == std::string::npos) {
    return {};
  }
  const std::size_t end = created.find('\n', line + 1);
  const std::size_t at = created.find(" DEFAULT ", line);
  if (at == std::string::npos || at > end) {
    return {};
  }
  std::size_t stop = at + 9;
  if (created[stop] == '\'') {
    for (++stop; stop + 1 < created.size(); ++stop) {
      const bool is_doubled = created[stop] == '\'' && created[stop + 1] == '\'';
      if (created[stop] == '\'' && !is_doubled) {
        break;
      }
      stop += created[stop] == '\\' || is_doubled ? 1 : 0;
    }
    return created.substr(at + 9, stop - at - 8);
  }
  stop = created.find_first_of(" ,\n", stop);
  return created.substr(at + 9, stop - at - 9);
}

}  // namespace toolkit::mysql
