#include "app/run_rest.hpp"

#include <algorithm>

namespace app {
namespace {

constexpr base::Duration first_look{5};
constexpr base::Duration longest_pause{250};
// A shorter wait is not worth a word.
constexpr base::Duration worth_telling{2'000};

}  // namespace

base::awaitable<engine::RunRow> until_at_rest(Services& services, engine::BrandId brand, std::string run_id,
                                              std::function<void(const engine::RunRow&)> on_wait) {
  base::Duration pause = first_look;
  std::optional<base::TimePoint> told;
  for (;;) {
    std::optional<engine::RunRow> run = co_await services.history.find(brand, run_id);
    if (!run) throw std::logic_error("a run that was accepted is not there: " + run_id);
    if (engine::is_over(run->state) || run->state == engine::RunState::held) co_return *std::move(run);
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
