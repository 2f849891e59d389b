// The order of a clock's callbacks.
#include <catch2/catch.hpp>

#include "base/timer_queue.hpp"

using base::from_millis;
using base::TimerQueue;

TEST_CASE("callbacks of the same moment come in the order they were asked for") {
  TimerQueue queue;
  std::string order;
  for (char name : {'a', 'b', 'c'}) queue.add(from_millis(5), [&order, name] { order += name; });
  queue.add(from_millis(4), [&order] { order += '0'; });

  CHECK_FALSE(queue.take_due(from_millis(3)));
  while (auto callback = queue.take_due(from_millis(5))) callback();

  CHECK(order == "0abc");
  CHECK_FALSE(queue.next());
}

TEST_CASE("a thousand cancelled timers leave the one that stands") {
  TimerQueue queue;
  std::vector<base::Clock::TimerId> timers;
  for (int i = 0; i < 1000; ++i) timers.push_back(queue.add(from_millis(i), [] { FAIL("it was cancelled"); }));
  queue.add(from_millis(5000), [] {});

  for (auto timer : timers) queue.cancel(timer);
  queue.cancel(timers[0]);

  CHECK(queue.next() == from_millis(5000));
  CHECK_FALSE(queue.take_due(from_millis(4999)));
}
