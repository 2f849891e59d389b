// How a coroutine waits for something that is no Asio operation: it suspends and leaves a Resumption behind.
#pragma once

#include <optional>
#include <tuple>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace base {

// The way back into one suspended coroutine, to be taken once. The coroutine goes on in a later turn of its own
// executor, so that calling this never runs foreign code. Dropping it unused destroys the coroutine.
template <class T = void>
class Resumption;

namespace detail {

template <class... T>
class ResumptionOf {
 public:
  using Handler = typename boost::asio::async_result<boost::asio::use_awaitable_t<>,
                                                     void(boost::system::error_code, T...)>::handler_type;

  explicit ResumptionOf(Handler handler) : handler_(std::move(handler)) {}

  void operator()(T... value) { resume({}, std::move(value)...); }

  // `callback` is called, at most once and before the resumption was used, when somebody cancels the coroutine.
  template <class Callback>
  void on_cancel(Callback callback) {
    auto slot = boost::asio::get_associated_cancellation_slot(handler_);
    if (!slot.is_connected()) return;
    slot.assign([callback = std::move(callback)](boost::asio::cancellation_type) mutable {
      // Using the resumption clears this very slot, so what is running must not live in it.
      Callback running = std::move(callback);
      running();
    });
  }

 protected:
  void resume(boost::system::error_code error, T... value) {
    if (auto slot = boost::asio::get_associated_cancellation_slot(handler_); slot.is_connected()) slot.clear();
    auto executor = boost::asio::get_associated_executor(handler_);
    boost::asio::post(executor,
                      [handler = std::move(handler_), error, values = std::make_tuple(std::move(value)...)]() mutable {
                        std::apply([&](T&... each) { std::move(handler)(error, std::move(each)...); }, values);
                      });
  }

 private:
  Handler handler_;
};

}  // namespace detail

template <class T>
class Resumption : public detail::ResumptionOf<T> {
 public:
  using detail::ResumptionOf<T>::ResumptionOf;
  // The coroutine ends with std::system_error(operation_aborted), as Asio's own operations do.
  void abort(T placeholder = T{}) { this->resume(boost::asio::error::operation_aborted, std::move(placeholder)); }
};

template <>
class Resumption<void> : public detail::ResumptionOf<> {
 public:
  using ResumptionOf::ResumptionOf;
  void abort() { resume(boost::asio::error::operation_aborted); }
};

// Suspends the caller and gives its Resumption to `start`, which keeps it where the awaited thing will find it. `start`
// is a named lambda of the caller's that captures by reference only.
template <class T, class Start>
boost::asio::awaitable<T> suspend(Start& start) {
  auto initiate = [&start](auto handler) { start(Resumption<T>(std::move(handler))); };
  if constexpr (std::is_void_v<T>) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(boost::system::error_code)>(
        std::move(initiate), boost::asio::use_awaitable);
  } else {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(boost::system::error_code, T)>(
        std::move(initiate), boost::asio::use_awaitable);
  }
}

}  // namespace base
