// Waiting for time and for a bell.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "base/async.hpp"
#include "tests/support/manual_clock.hpp"

using base::awaitable;
using base::Bell;
using namespace std::chrono_literals;

namespace {

awaitable<void> wait_and_note(base::Clock& clock, base::TimePoint at, std::vector<int>& order, int number) {
  co_await base::wait_until(clock, at);
  order.push_back(number);
}

awaitable<void> sleep_and_note(Bell& bell, base::TimePoint until, std::vector<bool>& rung) {
  rung.push_back(co_await bell.wait_until(until));
}

struct Night {
  boost::asio::io_context loop;
  support::ManualClock clock;
  Bell bell{clock};
  std::vector<bool> rung;

  void sleep(base::Duration time) {
    boost::asio::co_spawn(loop, sleep_and_note(bell, clock.now() + time, rung), boost::asio::detached);
    poll();
  }
  void poll() {
    loop.restart();
    loop.poll();
  }
};

}  // namespace

TEST_CASE("coroutines wake in the order of their times") {
  boost::asio::io_context loop;
  support::ManualClock clock;
  std::vector<int> order;
  base::TimePoint start = clock.now();
  boost::asio::co_spawn(loop, wait_and_note(clock, start + 2s, order, 2), boost::asio::detached);
  boost::asio::co_spawn(loop, wait_and_note(clock, start + 1s, order, 1), boost::asio::detached);
  boost::asio::co_spawn(loop, wait_and_note(clock, start + 2s, order, 3), boost::asio::detached);
  loop.poll();

  clock.advance(1999ms);
  loop.restart();
  loop.poll();
  CHECK(order == std::vector<int>{1});

  clock.advance(1ms);
  loop.restart();
  loop.poll();
  CHECK(order == std::vector<int>{1, 2, 3});
}

TEST_CASE("a waiting coroutine can be cancelled and leaves no timer behind") {
  boost::asio::io_context loop;
  support::ManualClock clock;
  boost::asio::cancellation_signal cancel;
  std::exception_ptr end;
  boost::asio::co_spawn(loop, base::wait_until(clock, clock.now() + 1h),
                        boost::asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e) { end = e; }));
  loop.poll();

  cancel.emit(boost::asio::cancellation_type::terminal);
  loop.restart();
  loop.poll();

  CHECK(end != nullptr);
  CHECK_FALSE(clock.next_timer());
}

TEST_CASE("a bell wakes its sleeper before the time") {
  Night night;
  night.sleep(10s);

  night.bell.ring();
  night.poll();

  CHECK(night.rung == std::vector<bool>{true});
  CHECK_FALSE(night.clock.next_timer());
}

TEST_CASE("without a bell the sleeper wakes when the time has come") {
  Night night;
  night.sleep(10s);

  night.clock.advance(10s);
  night.poll();

  CHECK(night.rung == std::vector<bool>{false});
}

TEST_CASE("a bell that was rung before anybody slept is heard once") {
  Night night;
  night.bell.ring();
  night.bell.ring();

  night.sleep(10s);
  CHECK(night.rung == std::vector<bool>{true});
  night.sleep(10s);
  night.clock.advance(10s);
  night.poll();

  CHECK(night.rung == std::vector<bool>{true, false});
}

TEST_CASE("a ring between the time and the waking up is kept for the next sleep") {
  Night night;
  night.sleep(10s);

  night.clock.advance(10s);
  night.bell.ring();
  night.poll();
  night.sleep(10s);

  CHECK(night.rung == std::vector<bool>{false, true});
}

TEST_CASE("coroutines that still wait go away with their clock") {
  auto held = std::make_shared<int>(1);
  auto wait = [](base::Clock& clock, std::shared_ptr<int>) -> awaitable<void> {
    co_await base::wait_until(clock, clock.now() + 1h);
  };
  {
    boost::asio::io_context loop;
    support::ManualClock clock;
    boost::asio::co_spawn(loop, wait(clock, held), boost::asio::detached);
    loop.poll();
    REQUIRE(held.use_count() == 2);
  }

  CHECK(held.use_count() == 1);
}
