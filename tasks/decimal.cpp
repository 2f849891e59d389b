#include "tasks/decimal.hpp"

#include <algorithm>
#include <charconv>

namespace tasks {

namespace {

constexpr int digits_max = 400;

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

// The power of ten behind an 'e'; nullopt for what is none, or leads too far.
std::optional<int> exponent_in(std::string_view text) {
  if (text.starts_with("+-")) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (fault != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (exponent > digits_max || exponent < -digits_max) return std::nullopt;
  return exponent;
}

}  // namespace

std::optional<Decimal> Decimal::read(std::string_view text) {
  Decimal decimal;
  if (text.starts_with('-') || text.starts_with('+')) {
    decimal.negative_ = text.front() == '-';
    text.remove_prefix(1);
  }
  int exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    const std::optional<int> read = exponent_in(text.substr(e + 1));
    if (!read) return std::nullopt;
    exponent = *read;
    text = text.substr(0, e);
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point < text.size() ? text.substr(point + 1) : std::string_view();
  const bool all_digits = std::all_of(whole.begin(), whole.end(), is_decimal_digit) &&
                          std::all_of(fraction.begin(), fraction.end(), is_decimal_digit);
  if (!all_digits || whole.size() + fraction.size() == 0 || whole.size() + fraction.size() > digits_max)
    return std::nullopt;
  decimal.digits_.reserve(whole.size() + fraction.size());
  decimal.digits_.append(whole).append(fraction);
  decimal.point_ = static_cast<int>(whole.size()) + exponent;
  decimal.trim();
  return decimal;
}

void Decimal::trim() {
  const std::size_t first = digits_.find_first_not_of('0');
  if (first == std::string::npos) {
    *this = Decimal{};
    return;
  }
  digits_.erase(0, first);
  point_ -= static_cast<int>(first);
  digits_.erase(digits_.find_last_not_of('0') + 1);
}

int Decimal::whole_digits() const { return is_zero() ? 0 : std::max(0, point_); }

int Decimal::decimal_places() const { return std::max(0, static_cast<int>(digits_.size()) - point_); }

Decimal Decimal::rounded(int places, Rounding rounding) const {
  if (decimal_places() <= places) return *this;
  const int kept = point_ + places;  // how many digits stay
  if (kept < 0) return {};
  Decimal result = *this;
  result.digits_.resize(static_cast<std::size_t>(kept));
  const bool rounds_away = rounding == Rounding::half_up && digits_[static_cast<std::size_t>(kept)] >= '5';
  if (rounds_away) {
    std::size_t at = result.digits_.size();
    while (at > 0 && result.digits_[at - 1] == '9') result.digits_[--at] = '0';
    if (at > 0) {
      ++result.digits_[at - 1];
    } else {
      result.digits_.insert(0, 1, '1');
      ++result.point_;
    }
  }
  result.trim();
  return result;
}

std::string Decimal::text() const {
  if (is_zero()) return "0";
  std::string text = negative_ ? "-" : "";
  const int count = static_cast<int>(digits_.size());
  if (point_ <= 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-point_), '0');
    return text + digits_;
  }
  if (point_ >= count) return text + digits_ + std::string(static_cast<std::size_t>(point_ - count), '0');
  const auto point = static_cast<std::size_t>(point_);
  return text + digits_.substr(0, point) + "." + digits_.substr(point);
}

int Decimal::compare(const Decimal& other) const {
  if (negative_ != other.negative_) return negative_ ? -1 : 1;
  int order = 0;
  if (is_zero() || other.is_zero())
    order = static_cast<int>(other.is_zero()) - static_cast<int>(is_zero());
  else if (point_ != other.point_)
    order = point_ < other.point_ ? -1 : 1;
  else if (digits_ != other.digits_)
    order = digits_ < other.digits_ ? -1 : 1;
  return negative_ ? -order : order;
}

}  // namespace tasks
