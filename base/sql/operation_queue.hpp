// The way of operations from the loop's thread to the database's threads.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/sql/group_commit.hpp"
#include "base/time.hpp"

namespace base::sql {

class OperationQueue {
 public:
  // `takers` is the number of threads that call take().
  explicit OperationQueue(std::size_t takers) : takers_(takers) {}

  void push(Operations operations);
  // What is queued by now is still handed out.
  void close();

  // Waits for operations and takes a fair share of them, in their order: all when there is one taker. Nothing when none
  // came for as long as `patience`, or when the queue is closed and empty.
  Operations take(std::optional<Duration> patience = std::nullopt);

 private:
  const std::size_t takers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Operations queued_;
  bool closed_ = false;
};

}  // namespace base::sql
