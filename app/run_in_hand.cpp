#include "app/run_in_hand.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace app {
namespace {

constexpr int claimed_at_once = 64;

bool waits_for_children(const engine::LiveRun& live) {
  const std::vector<engine::TaskProgress>& tasks = live.run.tasks;
  return std::any_of(tasks.begin(), tasks.end(), [](const engine::TaskProgress& task) {
    return task.has_children && task.state == engine::TaskState::waiting;
  });
}

void fold(engine::LiveRun& live, const std::vector<std::string>& log) {
  for (const std::string& row : log) {
    const base::Result<std::vector<engine::Fact>> facts = engine::read_facts(row);
    if (!facts) throw std::runtime_error("the run's log cannot be read: " + facts.error().message);
    for (const engine::Fact& fact : *facts) engine::apply(live.run, fact);
  }
}

}  // namespace

base::awaitable<std::shared_ptr<engine::LiveRun>> take_in_hand(Services& services, std::string run_id,
                                                               std::shared_ptr<const engine::ValueSource> values) {
  std::shared_ptr<engine::LiveRun> live;
  // A run that was left waiting earlier may have become due; it is nobody's any more.
  while (!live) {
    std::vector<engine::ClaimedRun> claimed = co_await services.queue.claim(1, services.worker.new_lease());
    if (claimed.empty()) throw std::logic_error("a run that was accepted cannot be claimed: " + run_id);
    if (claimed.front().run.id != run_id) continue;
    std::shared_ptr<engine::LiveVersion> version = co_await services.workflows.version(claimed.front().run.version_no);
    live = std::make_shared<engine::LiveRun>(std::move(version), std::move(claimed.front().run),
                                             std::move(claimed.front().lease), services.clock);
  }
  live->values.set_event(std::move(values));
  co_return live;
}

base::awaitable<RunInHand> carry_through(Services& services, std::shared_ptr<engine::LiveRun> live,
                                         std::shared_ptr<const engine::ValueSource> values) {
  co_await services.executor.execute(live, {});
  RunInHand in_hand;
  in_hand.run = std::move(live);
  while (waits_for_children(*in_hand.run)) {
    std::vector<engine::ClaimedRun> all = co_await services.queue.claim(claimed_at_once, services.worker.new_lease());
    if (all.empty()) co_return in_hand;  // what is left waits for long
    for (engine::ClaimedRun& claimed : all) {
      const bool is_child = claimed.run.item && claimed.run.item->parent == in_hand.run->run.no;
      const bool is_parent = claimed.run.no == in_hand.run->run.no;
      if (!is_child && !is_parent) continue;  // left waiting earlier; it is nobody's any more
      auto taken = std::make_shared<engine::LiveRun>(in_hand.run->version, std::move(claimed.run),
                                                     std::move(claimed.lease), services.clock);
      if (is_child) {
        const auto inherited = engine::take_item(*taken, *claimed.parent_log);
        if (!inherited) throw std::runtime_error(inherited.error().message);
      }
      fold(*taken, claimed.log);
      taken->values.set_event(values);
      co_await services.executor.execute(taken, {});
      if (is_parent)
        in_hand.run = taken;
      else
        in_hand.children[taken->run.no] = taken;
    }
  }
  co_return in_hand;
}

base::awaitable<RunInHand> run_in_hand(Services& services, std::string run_id,
                                       std::shared_ptr<const engine::ValueSource> values) {
  std::shared_ptr<engine::LiveRun> live = co_await take_in_hand(services, std::move(run_id), values);
  co_return co_await carry_through(services, std::move(live), std::move(values));
}

}  // namespace app
