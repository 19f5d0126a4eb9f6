#include <algorithm>
#include <cctype>

#include "catalog_gather.hpp"
#include "catalog_names.hpp"

// Triggers, policies, rules and statistics.

namespace toolkit::postgresql {

namespace {

std::string enabled_of(const std::string& letter) {
  return letter == "D" ? "yes" : letter == "R" ? "replica" : letter == "A" ? "always" : "";
}

std::string small(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// A text of the server's, taken from its front.
class Front {
 public:
  explicit Front(std::string text) : rest_(std::move(text)) {}

  bool take(std::string_view words) {
    const bool is_there = rest_.starts_with(words);
    rest_.erase(0, is_there ? words.size() : 0);
    return is_there;
  }
  /// Up to `stop` outside quotes and parentheses, and the blank behind it.
  std::string until(char stop) {
    const std::size_t end = end_of_part(rest_, 0, stop);
    std::string part = rest_.substr(0, end);
    rest_.erase(0, std::min(end + 1, rest_.size()));
    return part;
  }
  /// Up to `words`, which go too.
  std::string before(const std::string& words) {
    const std::size_t at = rest_.find(words);
    std::string part = rest_.substr(0, at);
    rest_.erase(0, at == std::string::npos ? at : at + words.size());
    return part;
  }
  const std::string& rest() const { return rest_; }

 private:
  std::string rest_;
};

/// `INSERT OR UPDATE OF a, b` with small key words.
std::string events_of(Front events) {
  std::vector<std::string> all;
  while (!events.rest().empty()) {
    Front event(events.before(" OR "));
    std::string text = small(event.until(' '));
    text += event.take("OF ") ? " of " + event.rest() : "";
    all.push_back(text);
  }
  return joined(all, " or ");
}

void add_constraint_facts(CatalogObject& trigger, const std::string& between) {
  const auto has = [&between](const char* words) { return between.find(words) != std::string::npos; };
  if (between.starts_with("FROM ")) {
    Front from(between.substr(5));
    add(trigger, "from", from.until(' '));
  }
  add(trigger, "deferrable",
      has("INITIALLY DEFERRED")                       ? "initially deferred"
      : has("DEFERRABLE ") && !has("NOT DEFERRABLE ") ? "initially immediate"
                                                      : "");
}

/// From pg_get_triggerdef: `CREATE [CONSTRAINT] TRIGGER t BEFORE INSERT OR UPDATE OF a ON t [FROM x]
/// [[NOT] DEFERRABLE …] [REFERENCING …] FOR EACH ROW [WHEN (…)] EXECUTE FUNCTION f('x')`.
void fill_trigger(CatalogObject& trigger, Front text) {
  const bool is_constraint = text.take("CREATE CONSTRAINT TRIGGER ");
  text.take("CREATE TRIGGER ");
  text.until(' ');
  add(trigger, "timing", text.take("INSTEAD OF ") ? "instead of" : small(text.until(' ')));
  add_fact(trigger, "constraint", is_constraint);
  add(trigger, "events", events_of(Front(text.before(" ON "))));
  text.until(' ');  // the table
  const std::string between = text.before("FOR EACH ");
  if (is_constraint) {
    add_constraint_facts(trigger, between);
  }
  const std::size_t transition = between.find("REFERENCING ");
  add(trigger, "transition-tables",
      transition == std::string::npos ? ""
                                      : between.substr(transition + 12, between.size() - transition - 13));
  add(trigger, "level", small(text.until(' ')));
  if (text.take("WHEN (")) {
    add(trigger, "when", text.until(')'));
    text.take(" ");
  }
  add(trigger, "body", text.rest());
}

Draft* of_relation(Drafts& drafts, const Row& row) {
  const auto found = drafts.find("R" + text_of(row, 0));
  return found == drafts.end() ? nullptr : &found->second;
}

CatalogObject part(const std::string& kind, const std::string& name) {
  CatalogObject object;
  object.kind = kind;
  object.name = name;
  return object;
}

std::string command_of(const std::string& letter) {
  return letter == "r"   ? "select"
         : letter == "a" ? "insert"
         : letter == "w" ? "update"
         : letter == "d" ? "delete"
                         : "";
}

}  // namespace

void gather_triggers(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    if (Draft* draft = of_relation(drafts, row)) {
      CatalogObject trigger = part("trigger", text_of(row, 1));
      fill_trigger(trigger, Front(text_of(row, 2)));
      add(trigger, "disabled", enabled_of(text_of(row, 3)));
      add(trigger, "comment", text_of(row, 4));
      draft->object.children.push_back(std::move(trigger));
    }
  }
}

void gather_policies(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    if (Draft* draft = of_relation(drafts, row)) {
      CatalogObject policy = part("policy", text_of(row, 1));
      add(policy, "command", command_of(text_of(row, 2)));
      add(policy, "permissive", is_true(row, 3) ? "" : "restrictive");
      add(policy, "roles", text_of(row, 4) == "public" ? "" : text_of(row, 4));
      add(policy, "using", text_of(row, 5));
      add(policy, "check", text_of(row, 6));
      add(policy, "comment", text_of(row, 7));
      draft->object.children.push_back(std::move(policy));
    }
  }
}

void gather_rules(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    if (Draft* draft = of_relation(drafts, row)) {
      CatalogObject rule = part("rule", text_of(row, 1));
      std::string definition = text_of(row, 2);
      definition.erase(definition.find_last_not_of(";\n ") + 1);
      add(rule, "definition", definition);
      add(rule, "disabled", enabled_of(text_of(row, 3)));
      add(rule, "comment", text_of(row, 4));
      draft->object.children.push_back(std::move(rule));
    }
  }
}

void gather_statistics(const Rows& rows, Drafts& drafts) {
  for (const Row& row : rows) {
    if (Draft* draft = of_relation(drafts, row)) {
      CatalogObject statistics = part("statistics", top_name(text_of(row, 1), text_of(row, 2)));
      add(statistics, "definition", text_of(row, 3));
      add(statistics, "target", text_of(row, 4));
      add(statistics, "comment", text_of(row, 5));
      draft->object.children.push_back(std::move(statistics));
    }
  }
}

}  // namespace toolkit::postgresql
