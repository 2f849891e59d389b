// A task type and a trigger type that do as a test's script says, and the other side that they talk to: it counts.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "engine/catalog.hpp"
#include "engine/task.hpp"
#include "engine/trigger.hpp"

namespace support {

// What one attempt comes to.
struct Reply {
  std::optional<base::Error> error{};
  bool is_carried_out = true;  // the write reached the other side, whatever the error says
  std::string answer = R"({"Id":"003"})";
  bool is_thrown = false;
  bool waits = false;  // until Elsewhere::go_on()
};

inline constexpr base::ErrorCode other_side_down{"other_side_down", base::Kind::transient};
inline constexpr base::ErrorCode other_side_busy{"other_side_busy", base::Kind::throttled};
inline constexpr base::ErrorCode answer_lost{"answer_lost", base::Kind::uncertain};
inline constexpr base::ErrorCode other_side_refuses{"other_side_refuses", base::Kind::permanent};
inline constexpr base::ErrorCode other_side_blocks{"other_side_blocks", base::Kind::blocked};

Reply answers(std::string answer);
Reply is_down();
Reply is_busy(std::optional<base::Duration> retry_after = {});
Reply refuses();
Reply blocks(std::vector<std::string> keys);
Reply loses_the_answer();    // after it was carried out
Reply is_lost_on_the_way();  // unclear as well, but it was not
Reply throws();
Reply waits();

// The other side. It outlives the program that talks to it, as an org does.
class Elsewhere {
 public:
  // The next attempts of a task, in order; after them it answers.
  std::map<std::string, std::deque<Reply>> script;
  std::map<std::string, std::deque<base::Error>> compile_errors;
  std::deque<base::Result<std::string>>
      fetches;  // the next fetches of a notice; after them the notice itself is the whole

  std::map<std::string, int> compiles;                     // per task: how often compile() succeeded
  std::map<std::string, int> nexts;                        // per task: how often next() was asked
  std::map<std::string, int> performs;                     // per task: attempts that got as far as to send
  std::map<std::string, int> effects;                      // per effect key: what stands on the other side
  std::map<std::string, std::vector<std::string>> bodies;  // per effect key: records as they were sent
  std::map<std::string, std::string> task_of_key;
  std::vector<std::string> keys;                            // effect keys in the order in which they were sent
  std::vector<std::string> order;                           // tasks in the order in which they were sent, and
  std::vector<std::string> identities;                      // the accounts that they were sent with
  std::function<void(const std::string& task)> on_perform;  // before anything is sent
  int under_way = 0;
  int under_way_at_most = 0;
  int fetched = 0;

  int effects_of(const std::string& task) const;
  // Lets waiting attempts go on.
  void go_on();

  std::vector<std::shared_ptr<base::Bell>> bells;
};

// `with`: { "steps": ["read", "write", "keyed", "post", "wait 2026-01-05T13:00:00Z", "children"], "output": {…},
// "refuse": "why", "say": a text with pipes that goes into what is sent, "holds_for_ms": how long what was compiled
// holds, "doubts_after_ms": when a refusal is doubted, "refuses_before": how often it must have been compiled to refuse
// no more }
class FakeTask final : public engine::TaskType {
 public:
  FakeTask(std::string name, std::string extension, Elsewhere& elsewhere, base::Clock& clock)
      : name_(std::move(name)), extension_(std::move(extension)), elsewhere_(elsewhere), clock_(clock) {}

  std::string_view name() const override { return name_; }
  std::string_view extension() const override { return extension_; }
  std::string_view schema() const override { return R"({"type":"object"})"; }
  base::Findings check(const engine::TaskDefinition&, const engine::CheckContext&) const override { return {}; }
  std::vector<engine::Pipe> pipes(const engine::TaskDefinition& definition) const override;
  std::optional<engine::Effect> effect(const engine::TaskDefinition&) const override { return std::nullopt; }
  base::awaitable<base::Result<std::shared_ptr<const engine::CompiledTask>>> compile(
      const engine::TaskDefinition& definition, const engine::BoundAccount& account) override;
  base::awaitable<base::Result<engine::Answer>> perform(const engine::TaskCall& call) override;

 private:
  base::Result<engine::Answer> carry_out(const engine::TaskCall& call, const std::string& task, const Reply& reply);

  std::string name_;
  std::string extension_;
  Elsewhere& elsewhere_;
  base::Clock& clock_;
};

// Bodies are flat JSON objects; `${q://name}` is a member of one.
class FakeTrigger final : public engine::TriggerType {
 public:
  explicit FakeTrigger(Elsewhere& elsewhere) : elsewhere_(elsewhere) {}

  std::string_view name() const override { return "fake_response"; }
  std::string what_is_wrong_with(const engine::Pipe&) const override { return ""; }
  base::Result<std::shared_ptr<const engine::ValueSource>> read(std::string_view body) const override;
  base::awaitable<base::Result<std::string>> fetch(std::string notice) override;

 private:
  Elsewhere& elsewhere_;
};

// Types "fake" (extension "salesforce") and "plain" (none), and the trigger "fake_response".
std::unique_ptr<engine::Catalog> fake_catalog(Elsewhere& elsewhere, base::Clock& clock);

}  // namespace support
