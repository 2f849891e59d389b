// The machine's clock and its one Asio timer.
#include <catch2/catch.hpp>

#include "base/async.hpp"
#include "base/system_clock.hpp"
#include "tests/support/loop.hpp"

using namespace std::chrono_literals;

TEST_CASE("the machine's clock calls in the order of the times, never before them and never from within call_at") {
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  std::vector<int> order;
  base::TimePoint start = clock.now();
  clock.call_at(start + 3ms, [&] { order.push_back(3); });
  clock.call_at(start - 1h, [&] { order.push_back(1); });
  clock.call_at(start + 2ms, [&] { order.push_back(2); });
  REQUIRE(order.empty());

  loop.run();

  CHECK(order == std::vector<int>{1, 2, 3});
  CHECK(clock.now() >= start + 3ms);
}

TEST_CASE("a cancelled callback is not called, also by one that is due at the same moment") {
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  bool called = false;
  base::Clock::TimerId second = 0;
  base::TimePoint start = clock.now();
  clock.call_at(start, [&] { clock.cancel(second); });
  second = clock.call_at(start, [&] { called = true; });

  loop.run();

  CHECK_FALSE(called);
}

TEST_CASE("a loop whose clock has gone has nothing left to do") {
  boost::asio::io_context loop;
  {
    base::SystemClock clock(loop);
    clock.call_at(clock.now(), [] { FAIL("the clock is gone"); });
  }

  loop.run();
}

TEST_CASE("waiting on the machine's clock takes until then") {
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  base::TimePoint until = clock.now() + 5ms;

  support::run(loop, base::wait_until(clock, until));

  CHECK(clock.now() >= until);
}
