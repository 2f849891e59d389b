#include "app/run_rest.hpp"

#include <algorithm>

namespace app {
namespace {

constexpr base::Duration first_look{5};
constexpr base::Duration longest_pause{250};
// A shorter wait is not worth a word.
constexpr base::Duration worth_telling{2'000};

// A run that waits for its items rests as soon as each of them has ended or is held, and one is.
base::awaitable<bool> waits_for_held_items(Services& services, engine::BrandId brand, const engine::RunRow& run) {
  if (run.state != engine::RunState::queued || run.due_at) co_return false;
  const std::vector<engine::RunRow> items = co_await services.history.children(brand, run.no);
  const auto is_held = [](const engine::RunRow& item) { return item.state == engine::RunState::held; };
  co_return std::any_of(items.begin(), items.end(), is_held) &&
      std::all_of(items.begin(), items.end(),
                  [&](const engine::RunRow& item) { return is_held(item) || engine::is_over(item.state); });
}

}  // namespace

base::awaitable<engine::RunRow> until_at_rest(Services& services, engine::BrandId brand, std::string run_id,
                                              std::function<void(const engine::RunRow&)> on_wait) {
  base::Duration pause = first_look;
  std::optional<base::TimePoint> told;
  for (;;) {
    std::optional<engine::RunRow> run = co_await services.history.find(brand, run_id);
    if (!run) throw std::logic_error("a run that was accepted is not there: " + run_id);
    if (engine::is_over(run->state) || run->state == engine::RunState::held) co_return *std::move(run);
    const bool waits_for_people = co_await waits_for_held_items(services, brand, *run);
    if (waits_for_people) co_return *std::move(run);
    const bool waits =
        run->state == engine::RunState::queued && run->due_at && *run->due_at > services.clock.now() + worth_telling;
    if (on_wait && waits && run->due_at != told) {
      on_wait(*run);
      told = run->due_at;
    }
    const base::TimePoint look_again = services.clock.now() + pause;
    co_await base::wait_until(services.clock, look_again);
    pause = std::min(pause * 2, longest_pause);
  }
}

}  // namespace app
