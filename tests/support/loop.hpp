// Runs a coroutine to its end on a loop, so that a test reads like a straight line.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace support {

// A coroutine that has not ended after this long never will: the test fails instead of hanging.
inline constexpr std::chrono::seconds longest_run{60};

namespace detail {

template <class T>
struct End {
  bool reached = false;
  std::exception_ptr failure{};
  std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value{};
};

template <class T>
boost::asio::awaitable<void> keep_value(boost::asio::awaitable<T> task, std::shared_ptr<End<T>> end) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(task);
  } else {
    end->value.emplace(co_await std::move(task));
  }
}

}  // namespace detail

// Gives the coroutine's result or throws its exception. Other work of the loop goes on meanwhile and is left where it
// stands.
template <class T>
T run(boost::asio::io_context& loop, boost::asio::awaitable<T> task) {
  // Shared: it outlives this function when the coroutine does not end in time.
  auto end = std::make_shared<detail::End<T>>();
  boost::asio::co_spawn(loop, detail::keep_value(std::move(task), end), [end](std::exception_ptr failure) {
    end->reached = true;
    end->failure = failure;
  });
  // Somebody else's thread may be the one that brings the next piece of work.
  auto guard = boost::asio::make_work_guard(loop);
  auto give_up = std::chrono::steady_clock::now() + longest_run;
  loop.restart();
  while (!end->reached && loop.run_one_until(give_up) != 0) {
  }
  if (!end->reached) throw std::runtime_error("the coroutine still waits for something");
  if (end->failure) std::rethrow_exception(end->failure);
  if constexpr (!std::is_void_v<T>) return std::move(*end->value);
}

}  // namespace support
