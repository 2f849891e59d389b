#include "app/response_redaction.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/json_text_edit.hpp"
#include "connectors/salesforce/record_id.hpp"

namespace app {
namespace {

using Tree = nlohmann::ordered_json;

// What the platform itself says of an interview and is about nobody.
constexpr std::array about_interview{"startDate", "endDate",  "recordedDate",        "status",       "progress",
                                     "duration",  "finished", "distributionChannel", "userLanguage", "_recordId"};
// A number of more digits than a score has may be an account's or a telephone's.
constexpr std::size_t score_digits_max = 3;

constexpr std::string_view filler =
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna "
    "aliqua ";

bool is_about_interview(const std::string& key) {
  return std::find(about_interview.begin(), about_interview.end(), key) != about_interview.end();
}

bool is_answer(const std::string& key) {
  // With a loop's number before it: 2_QID5.
  return key.starts_with("QID") || key.find("_QID") != std::string::npos;
}

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

bool starts_with_date(std::string_view text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' && digits_in(text.substr(0, 10)) == 8;
}

bool is_address(std::string_view text) {
  return (consists_of(text, ".") && std::count(text.begin(), text.end(), '.') == 3) ||
         std::count(text.begin(), text.end(), ':') >= 4;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// As long as what it stands for, so that what is too long for a field stays so.
std::string text_like(std::string_view text, std::size_t number) {
  const std::size_t length = characters_of(text);
  std::string words = fmt::format("text {} ", number);
  while (words.size() < length) words += filler;
  words.resize(length);
  if (!words.empty() && words.back() == ' ') words.back() = '.';
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

class Redaction {
 public:
  explicit Redaction(const std::set<std::string>& kept) : kept_(kept) {}

  void redact(Tree& response) {
    if (response.contains("responseId")) response["responseId"] = stand_in_of_response(response["responseId"]);
    for (const char* part : {"values", "labels"}) {
      if (!response.contains(part) || !response[part].is_object()) continue;
      // The wordings of choices are the survey's own.
      const bool is_wording = std::string_view(part) == "labels";
      for (auto& [key, value] : response[part].items()) {
        if (is_wording && is_answer(key) && !key.ends_with("_TEXT"))
          replace_known(value);
        else
          redact_member(key, value);
      }
    }
  }

  std::map<std::string, std::string> take_stand_ins() { return std::move(stand_ins_); }
  std::vector<std::string> keys() const { return {keys_.begin(), keys_.end()}; }

 private:
  std::string stand_in_of_response(const Tree& id) {
    const std::string stand_in = "R_savedresponse01";
    if (id.is_string()) stand_ins_[id.get<std::string>()] = stand_in;
    return stand_in;
  }

  void redact_member(const std::string& key, Tree& value) {
    if (kept_.contains(key)) return;
    if (is_about_interview(key)) {
      return replace_known(value);  // the response's own id stands here, too
    }
    const Tree before = value;
    redact_value(key, value);
    if (value != before) keys_.insert(key);
  }

  void replace_known(Tree& value) const {
    if (!value.is_string()) return;
    const auto known = stand_ins_.find(value.get<std::string>());
    if (known != stand_ins_.end()) value = known->second;
  }

  void redact_value(const std::string& key, Tree& value) {
    if (value.is_structured()) {
      for (Tree& inner : value) redact_value(key, inner);
    } else if (value.is_string()) {
      value = stand_in(key, value.get<std::string>());
    } else if (value.is_number() && !is_answer(key)) {
      value = Tree::parse(stand_in(key, value.dump()), nullptr, /*allow_exceptions=*/false);
    }
  }

  std::string stand_in(const std::string& key, const std::string& text) {
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) return text;
    const bool is_choice = is_answer(key) && !key.ends_with("_TEXT");
    if (is_choice && consists_of(text, "-.") && digits_in(text) <= score_digits_max) return text;
    const auto [known, is_new] = stand_ins_.try_emplace(text);
    if (is_new) known->second = made_up(key, text, stand_ins_.size());
    return known->second;
  }

  static std::string made_up(const std::string& key, const std::string& text, std::size_t number) {
    if (key == "recipientFirstName") return fmt::format("First{}", number);
    if (key == "recipientLastName") return fmt::format("Last{}", number);
    if (key.starts_with("location")) return "0";
    if (is_email(text)) return fmt::format("person{}@example.com", number);
    if (text.starts_with("http://") || text.starts_with("https://"))
      return fmt::format("https://example.com/{}", number);
    if (connectors::salesforce::is_record_id(text)) return fmt::format("{}{:012}", text.substr(0, 3), number);
    if (is_address(text)) return fmt::format("192.0.2.{}", number % 255);
    if (starts_with_date(text)) return "2000-01-01" + text.substr(10);
    if (digits_in(text) > 0 && consists_of(text, "+-. ()/,")) return digits_like(text, number);
    return text_like(text, number);
  }

  const std::set<std::string>& kept_;
  std::map<std::string, std::string> stand_ins_{};
  std::set<std::string> keys_{};
};

}  // namespace

RedactedResponse redact_response(std::string_view body, const std::set<std::string>& kept) {
  Tree tree = Tree::parse(body);
  // The platform's answer carries the response inside.
  Tree response = tree.contains("result") ? tree["result"] : std::move(tree);
  Redaction redaction(kept);
  redaction.redact(response);
  return {.response = {people_json({response.dump()}) + "\n"},
          .keys = redaction.keys(),
          .stand_ins = redaction.take_stand_ins()};
}

}  // namespace app
