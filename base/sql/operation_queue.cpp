// A mutex, a condition and a vector.
#include "base/sql/operation_queue.hpp"

#include <iterator>

namespace base::sql {

void OperationQueue::push(Operations operations) {
  {
    std::lock_guard lock(mutex_);
    if (queued_.empty())
      queued_ = std::move(operations);
    else
      std::move(operations.begin(), operations.end(), std::back_inserter(queued_));
  }
  changed_.notify_all();
}

void OperationQueue::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

Operations OperationQueue::take(std::optional<Duration> patience) {
  std::unique_lock lock(mutex_);
  auto something_is_there = [this] { return !queued_.empty() || closed_; };
  if (patience)
    changed_.wait_for(lock, *patience, something_is_there);
  else
    changed_.wait(lock, something_is_there);

  std::size_t share = (queued_.size() + takers_ - 1) / takers_;
  if (share == queued_.size()) return std::exchange(queued_, {});
  auto end = queued_.begin() + static_cast<std::ptrdiff_t>(share);
  Operations taken(std::make_move_iterator(queued_.begin()), std::make_move_iterator(end));
  queued_.erase(queued_.begin(), end);
  return taken;
}

}  // namespace base::sql
