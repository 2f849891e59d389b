#include "engine/arithmetic.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "engine/pipe.hpp"

namespace engine {

// Recursive descent; each operation is noted behind its operands.
class ArithmeticReader {
 public:
  explicit ArithmeticReader(std::string_view text) : text_(text) { read_.text_ = text; }

  base::Result<Arithmetic> read() {
    sum();
    skip_blanks();
    if (fault_.empty() && at_ < text_.size()) complain("is not expected here");
    if (!fault_.empty()) return base::Error{piped_text_broken, std::move(fault_)};
    return std::move(read_);
  }

 private:
  using Operation = Arithmetic::Operation;
  static constexpr int depth_max = 64;

  void sum() {
    product();
    for (;;) {
      if (take('+')) {
        product();
        note(Operation::add);
      } else if (take('-')) {
        product();
        note(Operation::subtract);
      } else {
        return;
      }
    }
  }

  void product() {
    sign();
    for (;;) {
      if (take('*')) {
        sign();
        note(Operation::multiply);
      } else if (take('/')) {
        sign();
        note(Operation::divide);
      } else {
        return;
      }
    }
  }

  // -2 ^ 2 is -(2 ^ 2), and 2 ^ 3 ^ 2 is 2 ^ (3 ^ 2).
  void sign() {
    if (++depth_ > depth_max) complain("is nested too deep");
    if (!fault_.empty()) return;
    if (take('-')) {
      sign();
      note(Operation::negate);
    } else {
      operand();
      if (take('^')) {
        sign();
        note(Operation::power);
      }
    }
    --depth_;
  }

  void operand() {
    skip_blanks();
    const std::string_view rest = text_.substr(at_);
    if (take('(')) {
      sum();
      if (!take(')')) complain("lacks a ')'");
    } else if (rest.starts_with("round(")) {
      at_ += std::string_view("round(").size();
      sum();
      if (!take(')')) complain("lacks a ')'");
      note(Operation::round);
    } else if (rest.starts_with("${")) {
      const std::size_t end = rest.find('}');
      take_pipe(end == std::string_view::npos ? "" : rest.substr(2, end - 2), end + 1);
    } else if (!rest.empty() && (is_digit(rest.front()) || rest.front() == '.')) {
      number(rest);
    } else {
      const std::size_t end = std::min(rest.find_first_of(" \t\r\n()+*^,"), rest.size());
      take_pipe(rest.substr(0, end), end);
    }
  }

  void number(std::string_view rest) {
    double value = 0;
    const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + rest.size(), value, std::chars_format::fixed);
    if (wrong != std::errc{}) return complain("is no number");
    at_ += static_cast<std::size_t>(end - rest.data());
    read_.steps_.push_back({Operation::number, value});
  }

  void take_pipe(std::string_view inside, std::size_t length) {
    const std::size_t colon = inside.find("://");
    if (colon == std::string_view::npos || colon == 0 || colon + 3 == inside.size()) {
      return complain("is neither a number nor a pipe");
    }
    read_.steps_.push_back({.operation = Operation::pipe, .pipe = read_.pipes_.size()});
    read_.pipes_.push_back({std::string(inside.substr(0, colon)), std::string(inside.substr(colon + 3))});
    at_ += length;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  bool take(char wanted) {
    skip_blanks();
    if (!fault_.empty() || at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void note(Operation operation) { read_.steps_.push_back({operation}); }

  void complain(std::string_view what) {
    if (!fault_.empty()) return;
    const std::string_view rest = text_.substr(std::min(at_, text_.size()));
    fault_ = rest.empty() ? fmt::format("the expression '{}' ends too early", base::shortened(text_))
                          : fmt::format("in the expression, '{}' {}", base::shortened(rest, 20), what);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string fault_;
  Arithmetic read_;
};

base::Result<Arithmetic> Arithmetic::parse(std::string_view text) { return ArithmeticReader(text).read(); }

namespace {

base::Result<double> number_in(const base::Value& value, const Pipe& pipe) {
  if (const auto* number = std::get_if<base::Number>(&value.data)) return number->value;
  const std::string text = base::to_text(value);
  double number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong == std::errc{} && end == text.data() + text.size() && std::isfinite(number)) return number;
  return base::Error{arithmetic_impossible,
                     fmt::format("{} is '{}', which is no number", to_string(pipe), base::shortened(text))};
}

}  // namespace

base::Result<base::Value> Arithmetic::value(const ValueSource& values) const {
  std::vector<double> numbers;
  numbers.reserve(pipes_.size());
  for (const Pipe& pipe : pipes_) {
    const base::Result<base::Value> found = values.value(pipe);
    if (!found) return found.error();
    if (found->is_blank()) return *found;
    const base::Result<double> number = number_in(*found, pipe);
    if (!number) return number.error();
    numbers.push_back(*number);
  }
  std::vector<double> stack;
  for (const Step& step : steps_) {
    if (step.operation == Operation::number || step.operation == Operation::pipe) {
      stack.push_back(step.operation == Operation::number ? step.number : numbers[step.pipe]);
      continue;
    }
    const double right = stack.back();
    if (step.operation == Operation::negate || step.operation == Operation::round) {
      stack.back() = step.operation == Operation::negate ? -right : std::round(right);
      continue;
    }
    stack.pop_back();
    double& left = stack.back();
    switch (step.operation) {
      case Operation::add: left += right; break;
      case Operation::subtract: left -= right; break;
      case Operation::multiply: left *= right; break;
      case Operation::divide: left /= right; break;
      default: left = std::pow(left, right); break;
    }
  }
  if (!std::isfinite(stack.back())) {
    return base::Error{arithmetic_impossible, fmt::format("'{}' has no number as its result", base::shortened(text_))};
  }
  return base::number(stack.back() == 0 ? 0.0 : stack.back());  // no -0
}

}  // namespace engine
