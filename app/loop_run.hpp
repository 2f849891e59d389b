// Runs a coroutine to its end on a loop: what a verb does that is nothing but that coroutine.
#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/async.hpp"

namespace app {

namespace detail {

template <class T>
base::awaitable<void> keep_result(base::awaitable<T> task, std::optional<T>& result) {
  result.emplace(co_await std::move(task));
}

}  // namespace detail

// Gives the coroutine's result or throws its exception. The loop's other work is left where it stands then.
template <class T>
T run_on(boost::asio::io_context& loop, base::awaitable<T> task) {
  std::optional<T> result;
  std::exception_ptr fault;
  boost::asio::co_spawn(loop, detail::keep_result(std::move(task), result), [&](std::exception_ptr error) {
    fault = error;
    loop.stop();
  });
  {
    // Work of other threads, such as the database's, comes back to this loop.
    const auto guard = boost::asio::make_work_guard(loop);
    loop.run();
  }
  loop.restart();  // after the guard: the last work's end stops a loop
  if (fault) std::rethrow_exception(fault);
  return *std::move(result);
}

}  // namespace app
