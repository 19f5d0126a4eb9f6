#include <algorithm>

#include "statement_parts.hpp"

namespace toolkit::mysql {

namespace {

using Class = StatementClass;
using Kind = ObjectKind;

StatementForm drop_index(StatementReader& reader) {
  const bool if_exists = reader.take({"IF", "EXISTS"});
  if (!reader.take_plain_name() || !reader.take({"ON"})) {
    return {};
  }
  std::optional<WrittenName> table = reader.take_name();
  if (!table) {
    return {};
  }
  StatementForm form = form_of_object(if_exists ? Class::repeatable : Class::self_detecting, Kind::table,
                                      std::move(*table), true);
  form.done_codes = if_exists ? std::vector<unsigned>() : absent_codes();
  return form;
}

}  // namespace

StatementForm drop_form(StatementReader& reader) {
  reader.take_any({"ONLINE", "OFFLINE"});
  if (reader.take({"TEMPORARY"})) {
    return plain_form(Class::repeatable);
  }
  if (reader.take({"INDEX"})) {
    return drop_index(reader);
  }
  const std::string word(reader.peek());
  reader.skip();
  StatementForm form = plain_form(Class::drop_list);
  form.if_exists = reader.take({"IF", "EXISTS"});
  if (word == "ROLE" || word == "SERVER" || word == "TABLESPACE") {
    return form.if_exists ? plain_form(Class::repeatable) : form_by_answer({1396, 1477, 1617});
  }
  const std::optional<Kind> kind = object_kind_of(word);
  form.drop_words = "DROP " + word;
  while (kind && !reader.at_end()) {
    std::optional<WrittenName> name;
    if (*kind == Kind::user) {
      const auto account = reader.take_account();
      name = account ? std::optional(WrittenName{"", *account}) : std::nullopt;
    } else {
      name = reader.take_name();
    }
    if (!name) {
      return {};
    }
    form.objects.push_back({*kind, std::move(name->schema), std::move(name->name), ""});
    if (!reader.take({","})) {
      break;
    }
  }
  return form.objects.empty() ? StatementForm{} : form;
}

StatementForm rename_form(StatementReader& reader) {
  if (reader.take({"USER"})) {
    return form_by_answer({1396});
  }
  if (!reader.take_any({"TABLE", "TABLES"})) {
    return {};
  }
  reader.take({"IF", "EXISTS"});
  StatementForm form = plain_form(Class::rename_table);
  form.keeps_tag = true;
  const auto index_of = [&](const WrittenName& name) {
    const ObjectName object{Kind::table, name.schema, name.name, ""};
    const auto found = std::find(form.objects.begin(), form.objects.end(), object);
    const auto index = static_cast<std::size_t>(found - form.objects.begin());
    if (found == form.objects.end()) {
      form.objects.push_back(object);
    }
    return index;
  };
  do {
    const std::optional<WrittenName> from = reader.take_name();
    if (reader.take_any({"WAIT"})) {
      reader.skip();
    }
    reader.take({"NOWAIT"});
    const std::optional<WrittenName> to = from && reader.take({"TO"}) ? reader.take_name() : std::nullopt;
    if (!to) {
      return {};
    }
    const std::size_t source = index_of(*from);
    form.renames.emplace_back(source, index_of(*to));
  } while (reader.take({","}));
  return form;
}

StatementForm alter_form(StatementReader& reader) {
  reader.take_any({"ONLINE", "OFFLINE"});
  reader.take({"IGNORE"});
  skip_attributes(reader);
  if (reader.take({"TABLE"})) {
    reader.take({"IF", "EXISTS"});
    std::optional<WrittenName> name = reader.take_name();
    if (!name) {
      return {};
    }
    if (reader.take({"WAIT"})) {
      reader.skip();
    }
    reader.take({"NOWAIT"});
    return alter_table_form(reader, {Kind::table, name->schema, name->name, ""});
  }
  if (reader.is_any({"EVENT"})) {
    reader.skip();
    std::optional<WrittenName> name = reader.take_name();
    StatementReader schedule = reader;
    if (!name || ends_by_itself(schedule) || reader.skip_to({"RENAME"})) {
      return {};
    }
    return form_of_object(Class::repeatable, Kind::event, std::move(*name));
  }
  // ALTER USER … RETAIN CURRENT PASSWORD, ALTER SEQUENCE … RESTART: a second run is not the first.
  return plain_form(reader.is_any({"VIEW", "PROCEDURE", "FUNCTION", "DATABASE", "SCHEMA", "SERVER"})
                        ? Class::repeatable
                        : Class::opaque);
}

}  // namespace toolkit::mysql
