#include "app/notice_courier.hpp"

#include <algorithm>
#include <exception>
#include <string>

namespace app {
namespace {

constexpr base::Duration next_look{15'000};
constexpr base::Duration first_pause{5'000};
constexpr base::Duration longest_pause_of_deliveries{3'600'000};
constexpr int tries_max = 100;  // about four days
constexpr int page_size = 20;

base::Duration pause_after(int tries) {
  base::Duration pause = first_pause;
  for (int i = 0; i < tries && pause < longest_pause_of_deliveries; ++i) pause *= 2;
  return std::min(pause, longest_pause_of_deliveries);
}

}  // namespace

base::awaitable<void> NoticeCourier::run() {
  for (;;) {
    try {
      co_await deliver_due();
    } catch (const std::exception& error) {
      log_.error("notices could not be handed over", {{"what", error.what()}});
    }
    co_await bell_.wait_until(clock_.now() + next_look);
  }
}

base::awaitable<int> NoticeCourier::deliver_due() {
  int taken = 0;
  for (const engine::NoticeDelivery& delivery : co_await notices_.due_for_delivery(page_size)) {
    if (co_await is_taken(delivery)) {
      ++taken;
      co_await notices_.delivered(delivery.record.no);
      continue;
    }
    std::optional<base::TimePoint> later;
    if (delivery.tries + 1 < tries_max) later = clock_.now() + pause_after(delivery.tries);
    co_await notices_.deliver_later(delivery.record.no, later);
  }
  co_return taken;
}

base::awaitable<bool> NoticeCourier::is_taken(const engine::NoticeDelivery& delivery) {
  bool by_all = true;
  for (const std::unique_ptr<NoticeChannel>& channel : channels_) {
    const base::Status taken = co_await channel->hand_over(delivery);
    if (taken) continue;
    by_all = false;
    log_.warning("a notice was not taken",
                 {{"by", channel->name()}, {"notice", delivery.record.id}, {"why", taken.error().message}});
  }
  co_return by_all;
}

}  // namespace app
