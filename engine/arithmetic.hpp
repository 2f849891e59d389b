// Arithmetic over pipes, as in `$e{ round(${gr://SC_0/Score} * 100) }`: numbers, + - * / ^, brackets and round().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "engine/value_source.hpp"

namespace engine {

// A value of an expression is no number, or the result is none.
inline constexpr base::ErrorCode arithmetic_impossible{"arithmetic_impossible", base::Kind::permanent};

class Arithmetic {
 public:
  // `text` stands between the braces. Pipes may stand in it as ${scheme://path} or, as the survey platform has it,
  // bare. An error is piped_text_broken and says at which character.
  static base::Result<Arithmetic> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const std::vector<Pipe>& pipes() const { return pipes_; }

  // A number. Blank as soon as one of the values is blank: what is not known is not taken for 0.
  base::Result<base::Value> value(const ValueSource& values) const;

 private:
  friend class ArithmeticReader;

  enum class Operation { number, pipe, negate, add, subtract, multiply, divide, power, round };
  struct Step {
    Operation operation;
    double number = 0;     // of a number
    std::size_t pipe = 0;  // of a pipe: its index
  };

  std::string text_;
  std::vector<Pipe> pipes_;
  std::vector<Step> steps_;  // operands before their operation
};

}  // namespace engine
