// Result<T>: a value, or the Error that says why there is none.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace base {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(const T& value) : state_(std::in_place_index<0>, value) {}
  Result(T&& value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Precondition: the result holds an error.
  const Error& error() const& {
    assert(!*this);
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!*this);
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  T& value() {
    assert(*this);
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    assert(*this);
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

// A result whose success says nothing more than that it is one.
struct Ok {};
using Status = Result<Ok>;

}  // namespace base
