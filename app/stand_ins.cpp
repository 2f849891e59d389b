#include "app/stand_ins.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "connectors/salesforce/record_id.hpp"

namespace app {
namespace {

using Tree = nlohmann::ordered_json;

constexpr std::size_t score_digits_max = 3;
// A shorter text occurs in sentences by chance.
constexpr std::size_t telling_length = 4;

constexpr std::string_view filler =
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna "
    "aliqua ";

std::size_t digits_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; }));
}

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isdigit(c) != 0 || others.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find_first_of(" \t\n") == std::string_view::npos;
}

// A date, or a point in time; not a sentence that begins with one.
bool is_date(std::string_view text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' && digits_in(text.substr(0, 10)) == 8 &&
         consists_of(text.substr(10), "T:Z.+- ");
}

// 1.3.1980, 03/01/1980, 1980/3/1: as people write dates.
bool is_written_date(std::string_view text) {
  std::size_t parts = 1, longest = 0, length = 0;
  char separator = 0;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      longest = std::max(longest, ++length);
      continue;
    }
    if (length == 0 || (separator != 0 && c != separator) || std::string_view("./-").find(c) == std::string_view::npos)
      return false;
    separator = c;
    length = 0;
    ++parts;
  }
  return parts == 3 && longest == 4 && length > 0;
}

// The same shape, of the first of January 2000.
std::string written_date_like(std::string_view text) {
  std::string date;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    date += end - at == 4 ? std::string("2000") : std::string(end - at - 1, '0') + "1";
    if (end < text.size()) date += text[end];
    at = end + 1;
  }
  return date;
}

// A time of day, or the answer to a question that has only two.
bool tells_nothing(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
  if (word == "true" || word == "false" || word == "yes" || word == "no") return true;
  const auto colons = std::count(text.begin(), text.end(), ':');
  return consists_of(text, ":") && (colons == 1 || colons == 2) && text.size() <= std::string_view("23:59:59").size();
}

bool is_address(std::string_view text) {
  return (consists_of(text, ".") && std::count(text.begin(), text.end(), '.') == 3) ||
         std::count(text.begin(), text.end(), ':') >= 4;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Where there is no room for a word: t, and the number in letters. 26 of one character are different, and no more.
std::string short_text_like(std::size_t length, std::size_t number) {
  std::string letters(length, 't');
  for (std::size_t at = length; at > 0 && number > 0; --at, number /= 26)
    letters[at - 1] = static_cast<char>('a' + number % 26);
  return letters;
}

// As long as what it stands for, so that what is too long for a field stays so.
std::string text_like(std::string_view text, std::size_t number) {
  const std::size_t length = characters_of(text);
  std::string words = fmt::format("text {}", number);
  if (length < words.size()) return short_text_like(length, number);
  words += ' ';
  while (words.size() < length) words += filler;
  words.resize(length);
  if (words.back() == ' ') words.back() = '.';
  return words;
}

std::string digits_like(std::string_view text, std::size_t number) {
  const std::string tail = fmt::format("{:0{}}", number, digits_in(text));
  std::string out;
  std::size_t at = tail.size() - digits_in(text);
  for (const char c : text) out += std::isdigit(static_cast<unsigned char>(c)) != 0 ? tail[at++] : c;
  // A number stays one: no zero before its digits.
  if (const std::size_t first = out.find_first_of("0123456789"); first != std::string::npos && out[first] == '0')
    out[first] = '9';
  return out;
}

std::string made_up(const std::string& text, TextKind kind, std::size_t number) {
  if (kind == TextKind::first_name) return fmt::format("First{}", number);
  if (kind == TextKind::last_name) return fmt::format("Last{}", number);
  if (kind == TextKind::place) return "0";
  if (is_email(text)) return fmt::format("person{}@example.com", number);
  if (text.starts_with("http://") || text.starts_with("https://")) return fmt::format("https://example.com/{}", number);
  if (connectors::salesforce::is_record_id(text)) return fmt::format("{}{:012}", text.substr(0, 3), number);
  if (is_address(text)) return fmt::format("192.0.2.{}", number % 255);
  if (is_date(text)) return std::string(stand_in_date) + text.substr(10);
  if (is_written_date(text)) return written_date_like(text);
  if (digits_in(text) > 0 && consists_of(text, "+-. ()/,")) return digits_like(text, number);
  return text_like(text, number);
}

}  // namespace

std::string StandIns::of(const std::string& text, TextKind kind) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return text;
  // Fifteen characters of an id and eighteen name the same record.
  if (connectors::salesforce::is_record_id(text) && text.size() == 15)
    return of(connectors::salesforce::whole_record_id(text), kind);
  if (tells_nothing(text)) return text;
  if (const auto known = known_.find(text); known != known_.end()) return known->second;
  if (text.front() == '[' || text.front() == '{') {
    std::string shaped = in_json(text);
    if (!shaped.empty()) return shaped;
  }
  return known_or(text, [&](std::size_t number) { return made_up(text, kind, number); });
}

std::string StandIns::known_or(const std::string& text, const std::function<std::string(std::size_t)>& make) {
  const auto [known, is_new] = known_.try_emplace(text);
  if (!is_new) return known->second;
  const auto met = book_.find(text);
  known->second = met == book_.end() ? make(known_.size() + book_.size()) : met->second;
  return known->second;
}

nlohmann::ordered_json StandIns::of_number(const nlohmann::ordered_json& number) {
  const std::string text = number.dump();
  const std::string digits = known_or(text, [&](std::size_t one) { return digits_like(text, one); });
  const Tree stand_in = Tree::parse(digits, nullptr, /*allow_exceptions=*/false);
  return stand_in.is_number() ? stand_in : Tree(0);
}

// "" where the text is no JSON.
std::string StandIns::in_json(const std::string& text) {
  Tree tree = Tree::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!tree.is_structured()) return "";
  const std::function<void(Tree&)> replace = [&](Tree& value) {
    if (value.is_structured()) {
      for (Tree& inner : value) replace(inner);
    } else if (value.is_string()) {
      value = of(value.get<std::string>());
    } else if (value.is_number() && !is_score_like(value.dump())) {
      value = of_number(value);
    }
  };
  replace(tree);
  return tree.dump();
}

std::string StandIns::within(std::string text) const {
  if (const auto known = known_.find(text); known != known_.end()) return known->second;
  for (const auto& [original, stand_in] : known_) {
    if (original.size() < telling_length) continue;
    for (std::size_t at = text.find(original); at != std::string::npos; at = text.find(original, at + stand_in.size()))
      text.replace(at, original.size(), stand_in);
  }
  return text;
}

bool is_score_like(std::string_view text) {
  return consists_of(text, "-.") && digits_in(text) > 0 && digits_in(text) <= score_digits_max;
}

}  // namespace app
