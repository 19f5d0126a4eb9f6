#include "decide.hpp"

#include <algorithm>
#include <array>

namespace toolkit::mysql {

namespace {

using Class = StatementClass;

Decision left_nothing(std::string evidence) {
  return {Act::judge, Verdict::left_nothing, std::move(evidence)};
}
Decision took_effect(std::string evidence) { return {Act::judge, Verdict::took_effect, std::move(evidence)}; }
Decision cannot_tell(std::string evidence) {
  return {Act::cannot_tell, Verdict::undecided, std::move(evidence)};
}

bool same_definition(const ObjectState& before, const ObjectState& now) {
  return before.presence != Presence::unknown && before.presence == now.presence &&
         before.definition == now.definition &&
         (before.presence == Presence::absent || !before.definition.empty() ||
          before.name.kind == ObjectKind::user);
}

bool all_stand_as_before(const Findings& findings) {
  return !findings.before.empty() && std::equal(findings.before.begin(), findings.before.end(),
                                                findings.now.begin(), findings.now.end(), same_definition);
}

// Whether two looks at a table saw the same one; nothing where the server does not tell.
std::optional<bool> same_table(const Findings& findings, const ObjectState& before, const ObjectState& now) {
  if (!findings.same_server) {
    return std::nullopt;
  }
  if (!before.id.empty() && !now.id.empty()) {
    return before.id == now.id;
  }
  if (!before.created.empty()) {
    return before.created == now.created;
  }
  return std::nullopt;
}

Decision by_tag(const Findings& findings, const std::string& doubt) {
  if (findings.log) {
    if (findings.log->has_tag) {
      return took_effect("the binary log holds its tag");
    }
    if (findings.log->is_complete) {
      return left_nothing("the binary log since its intent does not hold its tag");
    }
    return cannot_tell(doubt + "; " + findings.log->trouble);
  }
  if (findings.log_can_be_read) {
    return {Act::read_log, Verdict::undecided, ""};
  }
  return cannot_tell(doubt + "; there is no binary log to look into");
}

bool names_table(const std::vector<WrittenName>& names, const ObjectName& table) {
  return std::any_of(names.begin(), names.end(), [&](const WrittenName& name) {
    return same_name(name.name, table.name) && same_name(name.schema, table.schema);
  });
}

enum class Remains { gone, stands, needs_log, doubtful };

// One object of a drop list that stood when the intent was written.
Remains remains_of(const Findings& findings, const ObjectState& before, const ObjectState& now) {
  if (now.presence == Presence::absent) {
    return Remains::gone;
  }
  const bool is_table = before.name.kind == ObjectKind::table;
  const bool has_identity = is_table && findings.form.drop_words == "DROP TABLE";
  const std::optional<bool> same = has_identity ? same_table(findings, before, now) : std::nullopt;
  if (same.value_or(false) || (!has_identity && same_definition(before, now))) {
    return Remains::stands;
  }
  // Rebuilt (OPTIMIZE, ALTER), or dropped and made again by somebody: then it must not be dropped.
  if (!is_table || !findings.same_server) {
    return Remains::doubtful;
  }
  if (!findings.log) {
    return findings.log_can_be_read ? Remains::needs_log : Remains::doubtful;
  }
  if (names_table(findings.log->dropped, before.name)) {
    return Remains::gone;
  }
  const bool is_clear = findings.log->is_complete && !names_table(findings.log->renamed, before.name);
  return is_clear ? Remains::stands : Remains::doubtful;
}

Decision decide_drop(const Findings& findings) {
  if (findings.before.empty()) {
    return cannot_tell("its mark does not say what stood before");
  }
  Decision decision{Act::drop_rest, Verdict::took_effect, "what still stood of it was dropped now"};
  std::size_t stood = 0;
  bool is_foreign = false;  // stands now and did not then: not this statement's to drop
  for (std::size_t i = 0; i < findings.before.size(); ++i) {
    const ObjectState& before = findings.before[i];
    const ObjectState& now = findings.now[i];
    if (before.presence == Presence::absent) {
      is_foreign = is_foreign || now.presence != Presence::absent;
      continue;
    }
    ++stood;
    switch (before.presence == Presence::unknown && now.presence != Presence::absent
                ? Remains::doubtful
                : remains_of(findings, before, now)) {
      case Remains::gone:
        break;
      case Remains::stands:
        decision.rest.push_back(now.name);
        break;
      case Remains::needs_log:
        return {Act::read_log, Verdict::undecided, ""};
      case Remains::doubtful:
        return cannot_tell(describe(now) + " stands, rebuilt or made again by somebody since");
    }
  }
  if (stood == 0) {
    return findings.form.if_exists ? took_effect("there was nothing to drop")
                                   : left_nothing("what it drops was not there");
  }
  if (decision.rest.empty()) {
    return took_effect("what it drops is gone");
  }
  return decision.rest.size() == stood && !is_foreign ? left_nothing("what it drops still stands") : decision;
}

// Which object's content stands under each name afterwards: its index, or nothing.
std::vector<std::optional<std::size_t>> permuted(const StatementForm& form) {
  std::vector<std::optional<std::size_t>> content(form.objects.size());
  for (std::size_t i = 0; i < content.size(); ++i) {
    content[i] = i;
  }
  if (form.statement_class == Class::exchange_partition) {
    std::swap(content.at(0), content.at(1));
  }
  for (const auto& [from, to] : form.renames) {
    content[to] = content[from];
    content[from] = std::nullopt;
  }
  return content;
}

Decision decide_places(const Findings& findings) {
  int stayed = 0;
  int moved = 0;
  const auto content = permuted(findings.form);
  for (std::size_t i = 0; i < findings.before.size(); ++i) {
    const ObjectState& before = findings.before[i];
    const ObjectState& now = findings.now[i];
    const ObjectState* then = content[i] ? &findings.before[*content[i]] : nullptr;
    const bool stood = before.presence == Presence::present;
    const bool would_stand = then != nullptr && then->presence == Presence::present;
    if (before.presence == Presence::unknown || now.presence == Presence::unknown) {
      continue;
    }
    if (stood != would_stand) {
      (stood == (now.presence == Presence::present) ? stayed : moved) += 1;
    } else if (stood && findings.same_server && !now.id.empty() && before.id != then->id) {
      stayed += now.id == before.id ? 1 : 0;
      moved += now.id == then->id ? 1 : 0;
    }
  }
  if (stayed > 0 && moved == 0) {
    return left_nothing("the tables stand where they stood");
  }
  if (moved > 0 && stayed == 0) {
    return took_effect("the tables have changed places");
  }
  return by_tag(findings, "which table is which cannot be told");
}

Decision decide_truncate(const Findings& findings) {
  const std::optional<bool> same =
      findings.before.empty() ? std::nullopt : same_table(findings, findings.before[0], findings.now[0]);
  if (same.value_or(false) || findings.now[0].presence == Presence::absent) {
    return left_nothing(same ? "the table is the one that stood before" : "the table is not there");
  }
  Decision decision = by_tag(findings, "the table was rebuilt and has rows");
  if (decision.act == Act::cannot_tell && findings.now[0].is_empty.value_or(false)) {
    return same ? took_effect("the table is another one and empty") : left_nothing("the table is empty");
  }
  return decision;
}

Decision decide_replace(const Findings& findings) {
  const Presence before = findings.before.empty() ? Presence::unknown : findings.before[0].presence;
  const Presence now = findings.now[0].presence;
  if (now == Presence::absent) {
    return left_nothing("what it makes is not there");
  }
  if (before == Presence::present &&
      same_table(findings, findings.before[0], findings.now[0]).value_or(false)) {
    return left_nothing("the table is the one that stood before");
  }
  if (before == Presence::absent && now == Presence::present) {
    return took_effect("what it makes is there, and was not before");
  }
  return by_tag(findings, "the table may be the old one rebuilt, or the new one");
}

}  // namespace

Decision decide(const Findings& findings) {
  switch (findings.form.statement_class) {
    case Class::repeatable:
      return left_nothing("running it once more gives the same");
    case Class::self_detecting:
      return all_stand_as_before(findings) ? left_nothing("what it names stands as it did before")
                                           : Decision{Act::run_again, Verdict::undecided, ""};
    case Class::unnamed:
      return all_stand_as_before(findings)
                 ? left_nothing("the table is defined as it was before")
                 : by_tag(findings, "the table has changed, which another change can have done too");
    case Class::drop_list:
      return decide_drop(findings);
    case Class::rename_table:
    case Class::exchange_partition:
      return decide_places(findings);
    case Class::truncate:
      return decide_truncate(findings);
    case Class::replace_table:
      return decide_replace(findings);
    case Class::row_change:
      return cannot_tell("rows that it changed outside a transaction stay, however far it came");
    case Class::opaque:
      break;
  }
  return findings.form.keeps_tag ? by_tag(findings, "nothing that the server shows tells of this statement")
                                 : cannot_tell("nothing that the server shows tells of this statement");
}

Decision judge_answer(const Findings& findings, unsigned code, const std::string& message) {
  // Raised while rows are read into the new definition: duplicate key, NULL, out of range, too long, wrong
  // value, foreign key or check that rows break.
  static constexpr std::array<unsigned, 14> of_rows = {1048, 1062, 1138, 1264, 1265, 1292, 1366,
                                                       1406, 1452, 1526, 1586, 3819, 4025, 1216};
  static constexpr std::array<unsigned, 5> of_accounts = {1396, 1476, 1477, 1617, 1813};
  if (code == 0) {
    return took_effect("it was not there, and has been run to its end now");
  }
  const auto has = [&](const auto& codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  };
  const std::string answer = "run again, the server answers: " + message;
  // MariaDB's words for a foreign key of a name that is taken.
  const bool is_taken_key = code == 1005 && message.find("errno: 121") != std::string::npos;
  if (has(findings.form.done_codes) || is_taken_key) {
    const bool is_known =
        std::any_of(findings.before.begin(), findings.before.end(),
                    [](const ObjectState& each) { return each.presence != Presence::unknown; });
    const bool by_answer_alone = findings.form.objects.empty() && !has(of_accounts);
    return is_known || by_answer_alone ? took_effect(answer)
                                       : cannot_tell(answer + "; nobody recorded whether that was so before");
  }
  return has(of_rows) ? left_nothing(answer) : cannot_tell(answer);
}

}  // namespace toolkit::mysql
