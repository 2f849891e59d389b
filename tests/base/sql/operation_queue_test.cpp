// Who gets which of the queued operations.
#include <catch2/catch.hpp>

#include "base/sql/operation_queue.hpp"

using base::sql::OperationQueue;
using base::sql::Operations;

namespace {

class IdleOperation final : public base::sql::Operation {
 public:
  void run(base::sql::SqliteConnection&) override {}
  void complete() override {}
};

Operations idle_operations(int count) {
  Operations operations;
  for (int n = 0; n < count; ++n) operations.push_back(std::make_unique<IdleOperation>());
  return operations;
}

}  // namespace

TEST_CASE("one taker takes all, in order") {
  OperationQueue queue{1};
  Operations pushed = idle_operations(3);
  auto *first = pushed.front().get(), *last = pushed.back().get();
  queue.push(std::move(pushed));
  queue.push(idle_operations(2));

  Operations taken = queue.take();

  REQUIRE(taken.size() == 5);
  CHECK(taken[0].get() == first);
  CHECK(taken[2].get() == last);
}

TEST_CASE("several takers take fair shares") {
  OperationQueue queue{3};
  queue.push(idle_operations(7));

  CHECK(queue.take().size() == 3);
  CHECK(queue.take().size() == 2);
  CHECK(queue.take().size() == 1);
  CHECK(queue.take().size() == 1);
}

TEST_CASE("a queue that is empty answers nothing when patience ends, or when it is closed") {
  OperationQueue queue{1};

  CHECK(queue.take(base::Duration{0}).empty());
  queue.push(idle_operations(1));
  queue.close();

  CHECK(queue.take().size() == 1);
  CHECK(queue.take().empty());
}
