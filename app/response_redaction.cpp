#include "app/response_redaction.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "app/json_text_edit.hpp"

namespace app {
namespace {

using Tree = nlohmann::ordered_json;

// What the platform itself says of an interview and is about nobody.
constexpr std::array about_interview{"startDate", "endDate",  "recordedDate",        "status",       "progress",
                                     "duration",  "finished", "distributionChannel", "userLanguage", "_recordId"};
// All that a response consists of; other parts are the platform's, and nobody reads them.
constexpr std::array parts_of_response{"responseId", "surveyId",        "values",
                                       "labels",     "displayedFields", "displayedValues"};
// A longer number may be somebody's telephone, also where one was asked for as an answer.
constexpr std::size_t answer_digits_max = 6;

bool is_about_interview(const std::string& key) {
  return std::find(about_interview.begin(), about_interview.end(), key) != about_interview.end();
}

bool is_answer(const std::string& key) {
  // With a loop's number before it: 2_QID5.
  return key.starts_with("QID") || key.find("_QID") != std::string::npos;
}

bool is_text_entry(const std::string& key) { return key.ends_with("_TEXT"); }

TextKind kind_of(const std::string& key) {
  if (key == "recipientFirstName") return TextKind::first_name;
  if (key == "recipientLastName") return TextKind::last_name;
  return key.starts_with("location") ? TextKind::place : TextKind::any;
}

class Redaction {
 public:
  Redaction(const std::set<std::string>& kept, StandIns& stand_ins) : kept_(kept), stand_ins_(stand_ins) {}

  void redact(Tree& response) {
    leave_out_other_parts(response);
    if (response.contains("responseId")) response["responseId"] = stand_in_of_response(response["responseId"]);
    if (response.contains("values") && response["values"].is_object())
      for (auto& [key, value] : response["values"].items()) redact_member(key, value);
    if (response.contains("labels") && response["labels"].is_object()) redact_labels(response["labels"]);
    if (response.contains("displayedValues")) replace_known(response["displayedValues"]);
  }

  std::vector<std::string> keys() const { return {keys_.begin(), keys_.end()}; }

 private:
  void leave_out_other_parts(Tree& response) {
    Tree known = Tree::object();
    for (auto& [part, value] : response.items()) {
      if (std::find(parts_of_response.begin(), parts_of_response.end(), part) != parts_of_response.end())
        known[part] = std::move(value);
      else
        keys_.insert(part);
    }
    response = std::move(known);
  }

  std::string stand_in_of_response(const Tree& id) {
    const std::string stand_in = "R_savedresponse01";
    if (id.is_string()) stand_ins_.set(id.get<std::string>(), stand_in);
    return stand_in;
  }

  // The wordings of choices are the survey's own, but for what was piped into them.
  void redact_labels(Tree& labels) {
    for (auto& [key, value] : labels.items()) {
      if (is_answer(key) && !is_text_entry(key))
        replace_known(value);
      else
        redact_member(key, value);
    }
  }

  void redact_member(const std::string& key, Tree& value) {
    if (kept_.contains(key)) return;
    if (key == "_recordId" && value.is_string()) {
      value = stand_in_of_response(value);
      return;
    }
    if (is_about_interview(key)) return replace_known(value);
    const Tree before = value;
    redact_value(key, value);
    if (value != before) keys_.insert(key);
  }

  void replace_known(Tree& value) const {
    if (value.is_structured()) {
      for (Tree& inner : value) replace_known(inner);
    } else if (value.is_string()) {
      value = stand_ins_.within(value.get<std::string>());
    }
  }

  void redact_value(const std::string& key, Tree& value) {
    const bool is_choice = is_answer(key) && !is_text_entry(key);
    if (value.is_structured()) {
      for (Tree& inner : value) redact_value(key, inner);
    } else if (value.is_string()) {
      const std::string text = value.get<std::string>();
      if (!is_choice || !is_score_like(text)) value = stand_ins_.of(text, kind_of(key));
    } else if (value.is_number() && (!is_choice || is_long(value))) {
      value = stand_ins_.of_number(value);
    }
  }

  static bool is_long(const Tree& number) {
    return number.is_number_integer() && number.dump().size() > answer_digits_max;
  }

  const std::set<std::string>& kept_;
  StandIns& stand_ins_;
  std::set<std::string> keys_{};
};

}  // namespace

RedactedResponse redact_response(std::string_view body, const std::set<std::string>& kept, StandIns stand_ins) {
  Tree tree = Tree::parse(body);
  // The platform's answer carries the response inside.
  Tree response = tree.contains("result") ? tree["result"] : std::move(tree);
  Redaction redaction(kept, stand_ins);
  redaction.redact(response);
  return {
      .response = {people_json({response.dump()}) + "\n"}, .keys = redaction.keys(), .stand_ins = std::move(stand_ins)};
}

}  // namespace app
