#pragma once

#include <soci/soci.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/query.hpp"

namespace toolkit {

/// Runs one of our own texts through SOCI as a one-time query: one round trip on PostgreSQL and MySQL,
/// where a prepared one costs three. Only typed into(): describing dynamic rows throws on several server
/// types. Requires: `sql` is ours (SOCI's placeholder scanner is no SQL lexer) and selects `columns` columns.
/// Throws what SOCI throws; the rooms translate it.
inline Rows soci_query(soci::session& session, std::string_view sql, const Parameters& parameters,
                       int columns) {
  std::deque<std::string> texts;
  std::deque<long long> numbers;
  std::deque<soci::indicator> indicators;
  std::vector<std::string> fetched(static_cast<std::size_t>(columns));
  std::vector<soci::indicator> fetched_indicators(static_cast<std::size_t>(columns));

  soci::statement statement(session);
  for (std::size_t i = 0; i < fetched.size(); ++i) {
    statement.exchange(soci::into(fetched[i], fetched_indicators[i]));
  }
  for (const std::string& name : number_parameters(sql).names) {
    const Value& value = parameters.at(name);
    indicators.push_back(std::holds_alternative<std::monostate>(value) ? soci::i_null : soci::i_ok);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      numbers.push_back(*number);
      statement.exchange(soci::use(numbers.back(), indicators.back(), name));
    } else {
      const auto* text = std::get_if<std::string>(&value);
      texts.push_back(text != nullptr ? *text : std::string());
      statement.exchange(soci::use(texts.back(), indicators.back(), name));
    }
  }
  statement.alloc();
  statement.prepare(std::string(sql), soci::details::st_one_time_query);
  statement.define_and_bind();

  Rows rows;
  for (bool more = statement.execute(true); more && columns > 0; more = statement.fetch()) {
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < fetched.size(); ++i) {
      if (fetched_indicators[i] == soci::i_null) {
        row.emplace_back();
      } else {
        row.emplace_back(fetched[i]);
      }
    }
  }
  return rows;
}

}  // namespace toolkit
