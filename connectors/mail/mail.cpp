#include "connectors/mail/mail.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/crypto.hpp"

namespace connectors::mail {
namespace {

// An encoded word has 75 characters at most, 12 of them around the text.
constexpr std::size_t bytes_of_word = 45;

bool is_plain(char c) { return c >= ' ' && c < 0x7f; }
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string on_one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  return line;
}

}  // namespace

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  const bool has_parts = at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254;
  return has_parts && text.find('@', at + 1) == std::string_view::npos && std::ranges::all_of(text, [](char c) {
           return is_plain(c) && std::string_view(" <>()[]:;,\\\"").find(c) == std::string_view::npos;
         });
}

std::string header_text(std::string_view text) {
  const std::string line = on_one_line(text);
  if (std::ranges::all_of(line, is_plain)) return line;
  std::string words;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = std::min(at + bytes_of_word, line.size());
    while (end < line.size() && end > at + 1 && !begins_character(line[end])) --end;
    words += fmt::format("{}=?UTF-8?B?{}?=", at == 0 ? "" : "\r\n ", base::to_base64(line.substr(at, end - at)));
    at = end;
  }
  return words;
}

std::string header_date(base::TimePoint at) {
  const std::chrono::sys_seconds seconds{std::chrono::seconds(base::to_millis(at) / 1000)};
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

}  // namespace connectors::mail
