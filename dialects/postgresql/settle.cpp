#include <libpq-fe.h>

#include "connection.hpp"
#include "decision.hpp"
#include "messages.hpp"
#include "objects.hpp"

namespace toolkit::postgresql {

namespace {

/// Finds out, with the channel, what became of one interrupted statement.
class Settling {
 public:
  Settling(const Channel& channel, const Interrupted& interrupted, const RunContext& context)
      : channel_(channel),
        step_(interrupted.task.steps.front()),
        form_(statement_form(step_.sql)),
        mark_(parse_mark(interrupted.mark)),
        context_(context) {}

  Judgement judge() {
    prepare();
    if (mark_.in_transaction) {
      return {Verdict::left_nothing, "it shares its transaction with the end of its claim", "", ""};
    }
    if (form_.form == Form::repeatable) {
      return told(decide(step_.sql, form_, {}));
    }
    const std::optional<ObjectState> now = look(channel_, form_);
    if (mark_.objects) {
      before_ = describe(form_, *mark_.objects);
    }
    if (now) {
      now_ = describe(form_, *now);
    }
    require_answer();
    if (!mark_.objects || !now) {
      return by_probe(decide(step_.sql, {}, {}));
    }
    const bool still = mark_.objects->oid && is_still_there(channel_, form_, *mark_.objects->oid);
    Decision decision = decide(step_.sql, form_, {*mark_.objects, *now, still});
    return decision.verdict == Verdict::undecided ? by_probe(decision) : act(std::move(decision));
  }

 private:
  void prepare() {
    MessageList list(context_);
    list.reset_session();
    list.require_durable_commits();
    list.set_limits(limits_of(context_, &step_, true));
    run_pipeline(channel_.handle, list.messages(), [](std::size_t, const pg_result*) {}, {});
    require_answer();
  }

  void require_answer() const {
    if (!is_alive(channel_.handle)) {
      throw Error(lost_connection(channel_.handle, channel_.url));
    }
  }

  Judgement told(const Decision& decision) const {
    return {decision.verdict, decision.evidence, before_, now_};
  }

  Judgement undecided(const std::string& why) const {
    require_answer();
    return {Verdict::undecided, why, before_, now_};
  }

  Judgement act(Decision decision) const {
    const std::string stays = drop_invalid(channel_, decision.invalid_indexes);
    if (!stays.empty()) {
      return undecided("the invalid index that it left cannot be dropped now (" + stays + ")");
    }
    if (!decision.last_act.empty()) {
      const Result answer = run_statement(channel_.handle, decision.last_act);
      if (answer == nullptr || !succeeded(answer.get())) {
        return undecided(
            "what it began cannot be finished now: " + decision.last_act +
            (answer == nullptr ? "" : " (" + details_of(answer.get(), channel_.url).message + ")"));
      }
    }
    if (!decision.invalid_indexes.empty()) {
      decision.evidence += ": " + list_of(decision.invalid_indexes);
    }
    return told(decision);
  }

  /// The author's own question, sent as it is.
  Judgement by_probe(const Decision& decision) const {
    const std::optional<std::string>& probe = step_.directives.applied_if;
    if (!probe) {
      return told(decision);
    }
    const Result answer = run_statement(channel_.handle, *probe);
    if (answer == nullptr || !succeeded(answer.get())) {
      return undecided("its probe failed" +
                       (answer == nullptr ? "" : ": " + details_of(answer.get(), channel_.url).message));
    }
    if (PQtransactionStatus(channel_.handle) != PQTRANS_IDLE) {
      roll_back(channel_);
    }
    const std::string said = text_at(answer.get(), 0, 0);
    return {says_yes(said) ? Verdict::took_effect : Verdict::left_nothing,
            "its probe answers " + (said.empty() ? "nothing" : "'" + said + "'"), before_, now_};
  }

  const Channel& channel_;
  const Step& step_;
  StatementForm form_;
  Mark mark_;
  const RunContext& context_;
  std::string before_;
  std::string now_;
};

}  // namespace

Judgement PostgresqlConnection::settle(const Interrupted& interrupted, const RunContext& context,
                                       RunObserver& observer) {
  if (!doubt_.empty()) {
    return {Verdict::undecided, doubt_.why, "", ""};
  }
  const Listening listening(notices_, observer);
  const Channel channel = make_channel();
  return Settling(channel, interrupted, context).judge();
}

}  // namespace toolkit::postgresql
