#include "engine/folded_message.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <vector>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace engine {
namespace {

constexpr std::string_view left_out = "…";
constexpr std::size_t shortest_value = 3;

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool begins_word(std::string_view text, std::size_t at) { return at == 0 || !is_word(text[at - 1]); }
bool ends_word(std::string_view text, std::size_t end) { return end >= text.size() || !is_word(text[end]); }

// The texts of a JSON document, without the names of its members.
class TextsOf final : public base::JsonSink {
 public:
  std::set<std::string> texts;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number(std::string_view, double) override { return true; }
  bool string(std::string&& text) override {
    texts.insert(std::move(text));
    return true;
  }
  bool key(std::string&&) override { return true; }
  bool start_object() override { return true; }
  bool end_object() override { return true; }
  bool start_array() override { return true; }
  bool end_array() override { return true; }
};

// Longest first, so that no part of a value is left beside another's place.
std::vector<std::string> sent_values(const MessageOrigin& origin) {
  TextsOf found;
  if (origin.sent.empty() || !base::read_json(origin.sent, found)) return {};
  std::vector<std::string> values;
  for (const std::string& text : found.texts) {
    if (text.size() >= shortest_value && !names_word(origin.names, text)) values.push_back(text);
  }
  std::ranges::sort(values, [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  return values;
}

void leave_out(std::string& message, const std::string& value) {
  for (std::size_t at = message.find(value); at != std::string::npos; at = message.find(value, at)) {
    const std::size_t end = at + value.size();
    const bool is_whole =
        (!is_word(value.front()) || begins_word(message, at)) && (!is_word(value.back()) || ends_word(message, end));
    if (is_whole) message.replace(at, value.size(), left_out);
    at += is_whole ? left_out.size() : 1;
  }
}

// Where Salesforce repeats a value as it is: what stands before it, and what may follow.
struct Repeated {
  std::string_view before;
  std::string_view after;  // "": nothing does
};
constexpr std::array repeated_values{
    Repeated{"data value too large: ", " (max length="},
    Repeated{"restricted picklist field: ", ""},
    Repeated{"multi-select picklist field: ", ""},
    Repeated{"invalid email address: ", ""},
    Repeated{"invalid phone number: ", ""},
    Repeated{"valid range on numeric field: ", ""},
    Repeated{"id value of incorrect type: ", ""},
    Repeated{"malformed id ", ""},
    Repeated{"_STRING value ", " or request may be missing"},
};

void leave_out_repeated(std::string& message) {
  for (const Repeated& one : repeated_values) {
    const std::size_t before = message.find(one.before);
    if (before == std::string::npos) continue;
    const std::size_t begin = before + one.before.size();
    std::size_t end = one.after.empty() ? std::string::npos : message.rfind(one.after);
    if (end == std::string::npos || end < begin) end = message.size();
    message.replace(begin, end - begin, left_out);
  }
}

// The end of what is quoted from `at` on; npos: it is an apostrophe, or nothing closes it.
std::size_t end_of_quote(std::string_view message, std::size_t at) {
  if (!begins_word(message, at)) return std::string_view::npos;
  for (std::size_t end = message.find(message[at], at + 1); end != std::string_view::npos;
       end = message.find(message[at], end + 1)) {
    if (ends_word(message, end + 1)) return end;
  }
  return std::string_view::npos;
}

std::string without_quoted(std::string_view message, std::string_view names) {
  std::string folded;
  for (std::size_t at = 0; at < message.size(); ++at) {
    const bool is_quote = message[at] == '\'' || message[at] == '"';
    const std::size_t end = is_quote ? end_of_quote(message, at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      folded += message[at];
      continue;
    }
    const std::string_view inner = message.substr(at + 1, end - at - 1);
    folded += message[at];
    folded += inner.empty() || names_word(names, inner) ? inner : left_out;
    folded += message[end];
    at = end;
  }
  return folded;
}

bool is_email(std::string_view token) {
  const std::size_t at = token.find('@');
  return at != std::string_view::npos && at > 0 && token.find('.', at + 2) != std::string_view::npos;
}

// 15 or 18 letters and digits, of which several are digits: no word of a sentence, and no name of a field.
bool is_record_id(std::string_view token) {
  if (token.size() != 15 && token.size() != 18) return false;
  return std::ranges::all_of(token, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }) &&
         std::ranges::count_if(token, is_digit) >= 2;
}

bool is_number(std::string_view token) {
  return is_digit(token.front()) || (token.size() > 1 && (token[0] == '-' || token[0] == '+') && is_digit(token[1]));
}

bool is_of_token(char c) { return is_word(c) || std::string_view(".@+-:,").find(c) != std::string_view::npos; }

// E-mail addresses, ids, numbers and times. A number that something is set to ("max length=80") is the org's own.
std::string without_variables(std::string_view message) {
  std::string folded;
  for (std::size_t at = 0; at < message.size();) {
    if (!is_of_token(message[at]) || message.substr(at).starts_with(left_out)) {
      const std::size_t width = message.substr(at).starts_with(left_out) ? left_out.size() : 1;
      folded += message.substr(at, width);
      at += width;
      continue;
    }
    std::size_t end = at;
    while (end < message.size() && is_of_token(message[end]) && !message.substr(end).starts_with(left_out)) ++end;
    std::string_view token = message.substr(at, end - at);
    while (token.size() > 1 && !is_word(token.back())) token.remove_suffix(1);  // the sentence's own punctuation
    const bool is_set = at > 0 && message[at - 1] == '=';
    // "[line:1, column:15]": a name and its number in one.
    const std::size_t colon = token.find(':');
    const bool is_named_number =
        colon != std::string_view::npos && colon + 1 < token.size() && is_digit(token[colon + 1]) && !is_number(token);
    if (is_email(token) || is_record_id(token) || (is_number(token) && !is_set))
      folded += left_out;
    else if (is_named_number)
      (folded += token.substr(0, colon + 1)) += left_out;
    else
      folded += token;
    at += token.size();
  }
  return folded;
}

// "… … …" is one thing left out, whatever number of words it had.
std::string with_one_each(std::string message) {
  for (const std::string_view several : {"… …", "……", "…, …", "…,…"}) {
    for (std::size_t at = message.find(several); at != std::string::npos; at = message.find(several, at))
      message.replace(at, several.size(), left_out);
  }
  return message;
}

}  // namespace

bool names_word(std::string_view json, std::string_view word) {
  if (json.empty() || word.empty()) return false;
  base::JsonWriter quoted;
  quoted.string(word);
  return json.find(quoted.take()) != std::string_view::npos;
}

std::string folded_message(std::string_view message, const MessageOrigin& origin) {
  std::string folded(message);
  for (const std::string& value : sent_values(origin)) leave_out(folded, value);
  leave_out_repeated(folded);
  return with_one_each(without_variables(without_quoted(folded, origin.names)));
}

}  // namespace engine
