// Record ids: 15 characters that matter, three more that keep their case.
#include "local_org/record_id.hpp"

#include <algorithm>

namespace local_org {
namespace {

constexpr std::string_view id_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view id_suffix_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
// Two characters name the instance and one is reserved; nine count the records.
constexpr std::string_view id_instance = "Lo0";
constexpr std::size_t id_number_width = 9;

}  // namespace

std::string make_record_id(std::string_view prefix, std::int64_t number) {
  std::string digits(id_number_width, '0');
  auto rest = static_cast<std::uint64_t>(number);
  for (auto digit = digits.rbegin(); digit != digits.rend() && rest != 0; ++digit, rest /= id_digits.size()) {
    *digit = id_digits[rest % id_digits.size()];
  }
  std::string id = std::string(prefix).append(id_instance).append(digits);
  return id + record_id_suffix(id);
}

std::string record_id_suffix(std::string_view id15) {
  std::string suffix;
  for (std::size_t block = 0; block < 15; block += 5) {
    unsigned capitals = 0;
    for (unsigned bit = 0; bit < 5; ++bit) {
      const char c = id15[block + bit];
      if (c >= 'A' && c <= 'Z') capitals |= 1u << bit;
    }
    suffix += id_suffix_digits[capitals];
  }
  return suffix;
}

std::optional<std::string> to_record_id(std::string_view text) {
  if (text.size() != 15 && text.size() != 18) return std::nullopt;
  const bool alphanumeric =
      std::all_of(text.begin(), text.end(), [](char c) { return id_digits.find(c) != std::string_view::npos; });
  if (!alphanumeric) return std::nullopt;
  const std::string_view id15 = text.substr(0, 15);
  std::string id = std::string(id15) + record_id_suffix(id15);
  if (text.size() == 18 && text != id) return std::nullopt;
  return id;
}

}  // namespace local_org
