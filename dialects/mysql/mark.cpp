#include "mark.hpp"

#include <nlohmann/json.hpp>
#include <random>

namespace toolkit::mysql {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ObjectState& object) {
  Json json = {
      {"kind", to_string(object.name.kind)}, {"schema", object.name.schema}, {"name", object.name.name}};
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) {
      json[key] = value;
    }
  };
  put("partition", object.name.partition);
  if (object.presence != Presence::unknown) {
    json["exists"] = object.presence == Presence::present;
  }
  put("definition", object.definition);
  put("text", object.text);
  put("id", object.id);
  put("created", object.created);
  return json;
}

std::string text_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ObjectState object_of(const Json& json) {
  ObjectState object;
  const std::string kind = text_at(json, "kind");
  for (const ObjectKind each :
       {ObjectKind::table, ObjectKind::procedure, ObjectKind::function, ObjectKind::trigger,
        ObjectKind::event, ObjectKind::database, ObjectKind::user}) {
    object.name.kind = kind == to_string(each) ? each : object.name.kind;
  }
  object.name.schema = text_at(json, "schema");
  object.name.name = text_at(json, "name");
  object.name.partition = text_at(json, "partition");
  const auto exists = json.find("exists");
  if (exists != json.end() && exists->is_boolean()) {
    object.presence = exists->get<bool>() ? Presence::present : Presence::absent;
  }
  object.definition = text_at(json, "definition");
  object.text = text_at(json, "text");
  object.id = text_at(json, "id");
  object.created = text_at(json, "created");
  return object;
}

}  // namespace

std::string mark_text(const Mark& mark) {
  Json json;
  json["format"] = 1;
  json["class"] = mark.mark_class == MarkClass::row_change ? "row-change" : "statement";
  json["tag"] = mark.tag;
  json["connection"] = mark.connection;
  json["server"] = mark.server;
  if (mark.binlog) {
    json["binlog"] = {{"file", mark.binlog->file}, {"position", mark.binlog->position}};
  }
  for (const ObjectState& object : mark.objects) {
    json["objects"].push_back(json_of(object));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string mark_text(MarkClass mark_class, std::string_view tag, unsigned long connection,
                      std::string_view server) {
  return mark_text({mark_class, std::string(tag), connection, std::string(server), std::nullopt, {}});
}

std::optional<Mark> parse_mark(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  const auto number_at = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? found->get<unsigned long>() : 0UL;
  };
  if (!json.is_object() || number_at("format") != 1) {
    return std::nullopt;
  }
  Mark mark;
  mark.mark_class = text_at(json, "class") == "row-change" ? MarkClass::row_change : MarkClass::statement;
  mark.tag = text_at(json, "tag");
  mark.connection = number_at("connection");
  mark.server = text_at(json, "server");
  if (const auto place = json.find("binlog"); place != json.end() && place->is_object()) {
    mark.binlog = LogPlace{text_at(*place, "file"), text_at(*place, "position")};
  }
  if (const auto objects = json.find("objects"); objects != json.end() && objects->is_array()) {
    for (const Json& each : *objects) {
      mark.objects.push_back(object_of(each));
    }
  }
  return mark;
}

std::string new_tag() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string tag;
  while (tag.size() < 32) {
    for (unsigned bits = random(), i = 0; i < 8; ++i, bits >>= 4U) {
      tag.push_back(digits[bits & 15U]);
    }
  }
  return tag;
}

std::string tag_comment(std::string_view tag) { return "/* mig:" + std::string(tag) + " */"; }

}  // namespace toolkit::mysql
