#include <algorithm>
#include <array>

#include "statement_parts.hpp"

namespace toolkit::mysql {

namespace {

using Class = StatementClass;
using Kind = ObjectKind;

StatementForm create_index(StatementReader& reader, bool replaces) {
  const bool if_absent = reader.take({"IF", "NOT", "EXISTS"});
  if (!reader.is_name() || !reader.skip_to({"ON"})) {
    return {};
  }
  reader.skip();
  std::optional<WrittenName> table = reader.take_name();
  if (!table) {
    return {};
  }
  return form_of_object(replaces || if_absent ? Class::repeatable : Class::self_detecting, Kind::table,
                        std::move(*table), true);
}

StatementForm create_user(StatementReader& reader, bool repeats) {
  StatementForm form = repeats ? plain_form(Class::repeatable) : form_by_answer({1396});
  do {
    if (const auto account = reader.take_account()) {
      form.objects.push_back({Kind::user, "", *account, ""});
    }
  } while (reader.skip_to({","}) && reader.take({","}));
  return form;
}

}  // namespace

StatementForm plain_form(Class statement_class) {
  StatementForm form;
  form.statement_class = statement_class;
  return form;
}

StatementForm form_of_object(Class statement_class, Kind kind, WrittenName name, bool keeps_tag) {
  StatementForm form = plain_form(statement_class);
  form.objects.push_back({kind, std::move(name.schema), std::move(name.name), ""});
  form.keeps_tag = keeps_tag;
  if (statement_class == Class::self_detecting) {
    form.done_codes = exists_codes();
  }
  return form;
}

StatementForm form_by_answer(std::vector<unsigned> done_codes) {
  StatementForm form = plain_form(Class::self_detecting);
  form.done_codes = std::move(done_codes);
  return form;
}

std::optional<Kind> object_kind_of(std::string_view word) {
  struct Entry {
    std::string_view word;
    Kind kind;
  };
  static constexpr std::array<Entry, 11> entries = {{{"TABLE", Kind::table},
                                                     {"TABLES", Kind::table},
                                                     {"VIEW", Kind::table},
                                                     {"SEQUENCE", Kind::table},
                                                     {"PROCEDURE", Kind::procedure},
                                                     {"FUNCTION", Kind::function},
                                                     {"TRIGGER", Kind::trigger},
                                                     {"EVENT", Kind::event},
                                                     {"DATABASE", Kind::database},
                                                     {"SCHEMA", Kind::database},
                                                     {"USER", Kind::user}}};
  const auto* found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.word == word; });
  return found == entries.end() ? std::nullopt : std::optional(found->kind);
}

// CREATE [OR REPLACE] [attributes] KIND: the words between that stand before a view, routine, trigger, event.
void skip_attributes(StatementReader& reader) {
  for (;;) {
    if (reader.take({"DEFINER", "="})) {
      reader.take_account();
      reader.skip_parentheses();  // CURRENT_USER()
    } else if (reader.take({"ALGORITHM", "="}) || reader.take({"SQL", "SECURITY"})) {
      reader.skip();
    } else if (!reader.take_any(
                   {"AGGREGATE", "ONLINE", "OFFLINE", "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"})) {
      return;
    }
  }
}

bool ends_by_itself(StatementReader reader) {
  return reader.skip_to({"AT", "ENDS"}) && !reader.take({"ON", "COMPLETION", "PRESERVE"});
}

StatementForm create_form(StatementReader& reader) {
  const bool replaces = reader.take({"OR", "REPLACE"});
  skip_attributes(reader);
  if (reader.take({"TEMPORARY"})) {
    return plain_form(Class::repeatable);  // it went with its session
  }
  if (reader.take({"INDEX"})) {
    return create_index(reader, replaces);
  }
  const std::string word(reader.peek());
  if (word == "USER") {
    reader.skip();
    const bool if_absent = reader.take({"IF", "NOT", "EXISTS"});
    return replaces ? StatementForm{} : create_user(reader, if_absent);
  }
  if (word == "ROLE" || word == "SERVER" || word == "TABLESPACE") {
    return replaces ? StatementForm{} : form_by_answer({1396, 1476, 1813});
  }
  const std::optional<Kind> kind = object_kind_of(word);
  if (!kind) {
    return {};
  }
  reader.skip();
  const bool if_absent = reader.take({"IF", "NOT", "EXISTS"});
  std::optional<WrittenName> name = reader.take_name();
  if (!name) {
    return {};
  }
  if (*kind == Kind::event && ends_by_itself(reader)) {
    return {};
  }
  if (replaces && (*kind == Kind::database || (*kind == Kind::table && word != "VIEW"))) {
    return form_of_object(Class::replace_table, *kind, std::move(*name), true);
  }
  return form_of_object(replaces || if_absent ? Class::repeatable : Class::self_detecting, *kind,
                        std::move(*name));
}

}  // namespace toolkit::mysql
