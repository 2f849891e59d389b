#include "app/run_in_hand.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace app {

base::awaitable<RunInHand> run_in_hand(Services& services, std::string run_id,
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
  live->values.set_event(values);
  co_await services.executor.execute(live, {});
  co_return co_await items_in_hand(services, std::move(live), std::move(values));
}

}  // namespace app
