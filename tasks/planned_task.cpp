#include "tasks/planned_task.hpp"

#include <chrono>

#include "tasks/record_question.hpp"
#include "tasks/salesforce_task.hpp"

namespace tasks {

namespace {

using base::Result;
using connectors::salesforce::RecordChange;
using engine::Answer;
using engine::TaskCall;

OrgAsking asking_of(const TaskCall& call) {
  OrgAsking asking{.account_id = call.account.account_id};
  asking.options.timeout = call.timeout;
  asking.options.before_sending = call.before_sending;
  return asking;
}

}  // namespace

class PlannedWrites::Turn {
 public:
  explicit Turn(PlannedWrites& writes) : writes_(writes) { writes_.is_taken_ = true; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    writes_.is_taken_ = false;
    if (writes_.waiting_.empty()) return;
    writes_.waiting_.front()->ring();
    writes_.waiting_.pop_front();
  }

 private:
  PlannedWrites& writes_;
};

base::awaitable<std::unique_ptr<PlannedWrites::Turn>> PlannedWrites::turn(base::Clock& clock) {
  while (is_taken_) {
    const auto bell = std::make_shared<base::Bell>(clock);
    waiting_.push_back(bell);
    const base::TimePoint far = clock.now() + std::chrono::hours(24);
    co_await bell->wait_until(far);
  }
  co_return std::make_unique<Turn>(*this);
}

PlannedOrg& PlannedWrites::org(const engine::BoundAccount& account, connectors::salesforce::Client& client,
                               OrgKnowledge& knowledge, base::Clock& clock) {
  std::unique_ptr<PlannedOrg>& org = orgs_[account.org_id.empty() ? account.account_id : account.org_id];
  if (!org) org = std::make_unique<PlannedOrg>(client, knowledge, clock, orgs_.size());
  return *org;
}

const PlannedChange* PlannedWrites::find(std::string_view effect_key) const {
  const auto found = changes_.find(effect_key);
  return found == changes_.end() ? nullptr : &found->second;
}

std::string PlannedWrites::in_words(std::string text) const {
  for (const auto& [id, org] : orgs_) text = org->records().in_words(std::move(text));
  return text;
}

base::awaitable<Result<Answer>> PlannedTaskType::perform(const TaskCall& call) {
  const std::unique_ptr<PlannedWrites::Turn> turn = co_await writes_.turn(clock_);
  PlannedOrg& org = writes_.org(call.account, client_, *knowledge_, clock_);
  const OrgAsking asking = asking_of(call);
  if (!call.is_write) {
    Result<RecordQuestion> question = read_record_question(call.content.text);
    if (!question) co_return question.error();
    Result<base::JsonText> rows = co_await org.query(asking, *std::move(question));
    if (!rows) co_return rows.error();
    co_return Answer{*std::move(rows)};
  }
  Result<RecordChange> change = connectors::salesforce::read_record_change(call.content.text);
  if (!change) co_return change.error();
  Result<PlannedChange> planned = co_await org.change(asking, *change, writes_.new_key(call.effect_key));
  if (!planned) co_return planned.error();
  const bool is_new = planned->doing == PlannedDoing::creates || planned->doing == PlannedDoing::posts;
  Answer answer = written_answer(*change, planned->id, is_new);
  writes_.changes_[call.effect_key] = *std::move(planned);
  co_return answer;
}

}  // namespace tasks
