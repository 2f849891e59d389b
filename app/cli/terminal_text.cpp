#include "app/cli/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.hpp"

namespace app::cli {
namespace {

struct CodeRange {
  char32_t first, last;
};

// After Unicode 15: East_Asian_Width W and F, and emoji that are shown as such.
constexpr std::array wide_ranges{CodeRange{0x1100, 0x115F},   CodeRange{0x231A, 0x231B},   CodeRange{0x23E9, 0x23EC},
                                 CodeRange{0x2E80, 0x303E},   CodeRange{0x3041, 0x33FF},   CodeRange{0x3400, 0x4DBF},
                                 CodeRange{0x4E00, 0x9FFF},   CodeRange{0xA000, 0xA4CF},   CodeRange{0xA960, 0xA97C},
                                 CodeRange{0xAC00, 0xD7A3},   CodeRange{0xF900, 0xFAFF},   CodeRange{0xFE30, 0xFE6F},
                                 CodeRange{0xFF00, 0xFF60},   CodeRange{0xFFE0, 0xFFE6},   CodeRange{0x1F300, 0x1F64F},
                                 CodeRange{0x1F680, 0x1F6FF}, CodeRange{0x1F900, 0x1F9FF}, CodeRange{0x20000, 0x3FFFD}};

// Combining marks, joiners and variation selectors.
constexpr std::array zero_ranges{CodeRange{0x0300, 0x036F}, CodeRange{0x0483, 0x0489}, CodeRange{0x0591, 0x05BD},
                                 CodeRange{0x0610, 0x061A}, CodeRange{0x064B, 0x065F}, CodeRange{0x093C, 0x093C},
                                 CodeRange{0x0E34, 0x0E3A}, CodeRange{0x1AB0, 0x1AFF}, CodeRange{0x1DC0, 0x1DFF},
                                 CodeRange{0x200B, 0x200F}, CodeRange{0x20D0, 0x20FF}, CodeRange{0xFE00, 0xFE0F},
                                 CodeRange{0xFE20, 0xFE2F}};

template <class Ranges>
bool lies_in(char32_t code, const Ranges& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const CodeRange& range) { return range.first <= code && code <= range.last; });
}

char32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
  if (character.size() == 1) return byte(0);
  char32_t code = byte(0) & (0xFFu >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) code = (code << 6) | (byte(i) & 0x3Fu);
  return code;
}

std::size_t width_of_code(char32_t code) {
  if (lies_in(code, zero_ranges)) return 0;
  return lies_in(code, wide_ranges) ? 2 : 1;
}

// The next character and its columns; text that is no UTF-8 goes on byte by byte.
std::pair<std::string_view, std::size_t> next_character(std::string_view text) {
  const std::size_t length = base::utf8_length(text);
  if (length == 0) return {text.substr(0, 1), 1};
  return {text.substr(0, length), width_of_code(code_point(text.substr(0, length)))};
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto [character, width] = next_character(text);
    columns += width;
    text.remove_prefix(character.size());
  }
  return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t width = columns_of(text);
  return std::string(text) + std::string(columns > width ? columns - width : 0, ' ');
}

std::string fitted(std::string_view text, std::size_t columns) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (columns_of(line) <= columns) return line;
  std::string cut;
  std::size_t used = 0;
  for (std::string_view rest = line; columns > 0 && !rest.empty();) {
    const auto [character, width] = next_character(rest);
    if (used + width > columns - 1) break;
    cut += character;
    used += width;
    rest.remove_prefix(character.size());
  }
  return columns > 0 ? cut + "…" : cut;
}

std::string Paint::operator()(Ink ink, std::string_view text) const {
  if (!has_colour_ || ink == Ink::plain || text.empty()) return std::string(text);
  constexpr std::array codes{"0", "2", "1", "32", "31", "33", "36"};
  return "\x1b[" + std::string(codes[static_cast<std::size_t>(ink)]) + "m" + std::string(text) + "\x1b[0m";
}

std::size_t terminal_columns(std::size_t otherwise) {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return otherwise;
  return size.ws_col;
}

}  // namespace app::cli
