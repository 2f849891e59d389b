#include "tests/support/fake_tasks.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "engine/pipe.hpp"
#include "engine/run.hpp"

namespace support {
namespace {

using nlohmann::json;

constexpr base::Duration for_ever{365L * 24 * 3'600'000};

class FakeValueSource final : public engine::ValueSource {
 public:
  explicit FakeValueSource(engine::Output members) : members_(std::move(members)) {}
  base::Result<base::Value> value(const engine::Pipe& pipe) const override {
    for (const auto& [name, value] : members_) {
      if (name == pipe.path) return value;
    }
    return base::Value{};
  }

 private:
  engine::Output members_;
};

class FakeCompiled final : public engine::CompiledTask {
 public:
  FakeCompiled(std::string id, json with, Elsewhere& elsewhere, base::TimePoint compiled_at)
      : id_(std::move(id)), with_(std::move(with)), elsewhere_(elsewhere), compiled_at_(compiled_at) {}

  bool still_holds(base::TimePoint now) const override {
    return !with_.contains("holds_for_ms") || now < compiled_at_ + base::Duration(with_["holds_for_ms"].get<int>());
  }

  bool doubts(const base::Error& refusal, base::TimePoint now) const override {
    return refusal.code == other_side_refuses && with_.contains("doubts_after_ms") &&
           now >= compiled_at_ + base::Duration(with_["doubts_after_ms"].get<int>());
  }

  base::Result<engine::Step> next(const engine::TaskInput& input,
                                  std::span<const engine::Answer> so_far) const override {
    ++elsewhere_.nexts[id_];
    if (with_.contains("refuse")) return base::Error{other_side_refuses, with_["refuse"].get<std::string>()};
    if (elsewhere_.compiles[id_] < with_.value("refuses_before", 0)) return base::Error{other_side_refuses, "not yet"};
    const json steps = with_.value("steps", json::array({"write"}));
    if (so_far.size() >= steps.size()) {
      if (with_.contains("output")) return engine::Step{engine::Done{{with_["output"].dump()}}};
      return engine::Step{engine::Done{so_far.empty() ? base::JsonText{"{}"} : so_far.back().content}};
    }
    json content{{"task", id_}, {"step", so_far.size()}, {"key", std::string(input.effect_key)}};
    if (with_.contains("say")) {
      const base::Result<base::Value> said =
          engine::resolve(*engine::parse_piped_text(with_["say"].get<std::string>()), input.values);
      if (!said) return said.error();
      content["said"] = base::to_text(*said);
    }
    return step(steps[so_far.size()].get<std::string>(), {content.dump()});
  }

 private:
  engine::Step step(const std::string& word, const base::JsonText& content) const {
    if (word == "read") return engine::Read{content};
    if (word == "write") return engine::Write{content, engine::Effect::repeatable};
    if (word == "keyed") return engine::Write{content, engine::Effect::keyed};
    if (word == "post") return engine::Write{content, engine::Effect::author_decides};
    if (word == "children") return engine::Children{{{1, {.id = "1"}}}};
    return engine::Wait{*base::from_iso8601(word.substr(5))};
  }

  std::string id_;
  json with_;
  Elsewhere& elsewhere_;
  base::TimePoint compiled_at_;
};

Reply failing(base::ErrorCode code, std::string message, bool is_carried_out) {
  return Reply{.error = base::Error{code, std::move(message)}, .is_carried_out = is_carried_out};
}

}  // namespace

Reply answers(std::string answer) { return Reply{.answer = std::move(answer)}; }
Reply is_down() { return failing(other_side_down, "the other side is down", false); }
Reply refuses() { return failing(other_side_refuses, "the other side says no", false); }
Reply loses_the_answer() { return failing(answer_lost, "the connection broke", true); }
Reply is_lost_on_the_way() { return failing(answer_lost, "the connection broke", false); }
Reply throws() { return Reply{.is_carried_out = false, .is_thrown = true}; }
Reply waits() { return Reply{.waits = true}; }

Reply is_busy(std::optional<base::Duration> retry_after) {
  Reply reply = failing(other_side_busy, "slow down", false);
  reply.error->retry_after = retry_after;
  return reply;
}

Reply blocks(std::vector<std::string> keys) {
  Reply reply = failing(other_side_blocks, "somebody has to allow it first", false);
  reply.error->waits_on = std::move(keys);
  return reply;
}

int Elsewhere::effects_of(const std::string& task) const {
  int count = 0;
  for (const auto& [key, times] : effects) {
    if (task_of_key.at(key) == task) count += times;
  }
  return count;
}

void Elsewhere::go_on() {
  for (const std::shared_ptr<base::Bell>& bell : std::exchange(bells, {})) bell->ring();
}

std::vector<engine::Pipe> FakeTask::pipes(const engine::TaskDefinition& definition) const {
  const json with = json::parse(definition.with.text);
  return engine::parse_piped_text(with.value("say", ""))->pipes();
}

base::awaitable<base::Result<std::shared_ptr<const engine::CompiledTask>>> FakeTask::compile(
    const engine::TaskDefinition& definition, const engine::BoundAccount&) {
  std::deque<base::Error>& errors = elsewhere_.compile_errors[definition.id];
  if (!errors.empty()) {
    const base::Error error = errors.front();
    errors.pop_front();
    co_return error;
  }
  json with = definition.with.empty() ? json::object() : json::parse(definition.with.text);
  std::shared_ptr<const engine::CompiledTask> compiled =
      std::make_shared<const FakeCompiled>(definition.id, std::move(with), elsewhere_, clock_.now());
  ++elsewhere_.compiles[definition.id];
  co_return compiled;
}

base::awaitable<base::Result<engine::Answer>> FakeTask::perform(const engine::TaskCall& call) {
  const std::string task = json::parse(call.content.text)["task"];
  if (elsewhere_.on_perform) elsewhere_.on_perform(task);
  const base::Status may_send = co_await call.before_sending();
  if (!may_send) co_return may_send.error();

  Reply reply;
  std::deque<Reply>& replies = elsewhere_.script[task];
  if (!replies.empty()) {
    reply = replies.front();
    replies.pop_front();
  }
  ++elsewhere_.performs[task];
  elsewhere_.order.push_back(task);
  elsewhere_.identities.push_back(call.account.account_id);
  elsewhere_.keys.push_back(call.effect_key);
  elsewhere_.under_way_at_most = std::max(elsewhere_.under_way_at_most, ++elsewhere_.under_way);
  if (reply.waits) {
    auto bell = std::make_shared<base::Bell>(clock_);
    elsewhere_.bells.push_back(bell);
    co_await bell->wait_until(clock_.now() + for_ever);
  }
  --elsewhere_.under_way;
  co_return carry_out(call, task, reply);
}

base::Result<engine::Answer> FakeTask::carry_out(const engine::TaskCall& call, const std::string& task,
                                                 const Reply& reply) {
  if (call.is_write && reply.is_carried_out) {
    elsewhere_.task_of_key[call.effect_key] = task;
    elsewhere_.bodies[call.effect_key].push_back(call.content.text);
    int& times = elsewhere_.effects[call.effect_key];
    times = call.effect == engine::Effect::author_decides ? times + 1 : 1;
  }
  if (reply.is_thrown) throw std::runtime_error("the task's code is broken");
  if (reply.error) return *reply.error;
  return engine::Answer{{reply.answer}};
}

base::Result<std::shared_ptr<const engine::ValueSource>> FakeTrigger::read(std::string_view body) const {
  base::Result<json> parsed = base::parse_json(body);
  if (!parsed) return parsed.error();
  std::shared_ptr<const engine::ValueSource> values =
      std::make_shared<const FakeValueSource>(engine::read_output(body));
  return values;
}

base::awaitable<base::Result<std::string>> FakeTrigger::fetch(std::string notice) {
  ++elsewhere_.fetched;
  if (elsewhere_.fetches.empty()) co_return notice;
  base::Result<std::string> answer = elsewhere_.fetches.front();
  elsewhere_.fetches.pop_front();
  co_return answer;
}

std::unique_ptr<engine::Catalog> fake_catalog(Elsewhere& elsewhere, base::Clock& clock) {
  std::vector<std::unique_ptr<engine::TaskType>> tasks;
  tasks.push_back(std::make_unique<FakeTask>("fake", "salesforce", elsewhere, clock));
  tasks.push_back(std::make_unique<FakeTask>("plain", "", elsewhere, clock));
  std::vector<std::unique_ptr<engine::TriggerType>> triggers;
  triggers.push_back(std::make_unique<FakeTrigger>(elsewhere));
  return std::make_unique<engine::Catalog>(std::move(tasks), std::move(triggers));
}

}  // namespace support
