// Values that a test says, by the pipe that asks for them.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "engine/value_source.hpp"

namespace engine_test {

inline constexpr base::ErrorCode no_such_pipe{"no_such_pipe", base::Kind::permanent};

class FakeValues final : public engine::ValueSource {
 public:
  FakeValues(std::initializer_list<std::pair<const std::string, base::Value>> values) : values_(values) {}

  base::Result<base::Value> value(const engine::Pipe& pipe) const override {
    const auto found = values_.find(to_string(pipe));
    if (found == values_.end()) return base::Error{no_such_pipe, to_string(pipe) + " means nothing here"};
    return found->second;
  }

 private:
  std::map<std::string, base::Value> values_;
};

}  // namespace engine_test
