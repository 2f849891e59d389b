#include "connectors/survey/piped_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "base/http/message.hpp"
#include "connectors/survey/html_text.hpp"

namespace connectors::survey {

namespace {

// What a question's pipe asks for.
enum class Part {
  recode,           // the value as it stands on the wire
  label,            // the choice's wording
  label_with_text,  // the same, with what was typed under "Other" in the choice's place
  count,            // how many choices
  text,             // what was typed
};

enum class Row { none, optional, needed };

struct QuestionForm {
  std::string_view path;
  Part part;
  Row row;
};

constexpr std::array<QuestionForm, 8> question_forms{{
    {"SelectedChoicesRecode", Part::recode, Row::optional},
    {"ChoiceGroup/SelectedChoices", Part::label, Row::optional},
    {"ChoiceGroup/SelectedChoicesTextEntry", Part::label_with_text, Row::none},
    {"ChoiceGroup/SelectedAnswers", Part::label, Row::needed},
    {"SelectedChoicesCount", Part::count, Row::none},
    {"ChoiceTextEntryValue", Part::text, Row::optional},
    {"ChoiceNumericEntryValue/Rank", Part::recode, Row::needed},
    {"ChoiceNumericEntryValue", Part::recode, Row::needed},
}};

// A name of piped text and the key that holds it on the wire. `*id` and `*survey` stand beside the values.
struct NamedValue {
  std::string_view name;
  std::string_view key;
};

constexpr std::array<NamedValue, 7> embedded_built_ins{{
    {"ResponseID", "*id"},
    {"SurveyID", "*survey"},
    {"Q_Language", "userLanguage"},
    {"Q_TotalDuration", "duration"},
    {"StartDate", "startDate"},
    {"EndDate", "endDate"},
    {"RecordedDate", "recordedDate"},
}};

constexpr std::array<NamedValue, 16> metadata{{
    {"ResponseID", "*id"},
    {"SurveyID", "*survey"},
    {"Status", "status"},
    {"Finished", "finished"},
    {"Progress", "progress"},
    {"Duration", "duration"},
    {"StartDate", "startDate"},
    {"EndDate", "endDate"},
    {"RecordedDate", "recordedDate"},
    {"DistributionChannel", "distributionChannel"},
    {"UserLanguage", "userLanguage"},
    {"IPAddress", "ipAddress"},
    {"RecipientFirstName", "recipientFirstName"},
    {"RecipientLastName", "recipientLastName"},
    {"RecipientEmail", "recipientEmail"},
    {"ExternalDataReference", "externalDataReference"},
}};

constexpr std::array<NamedValue, 5> contact{{
    {"FirstName", "recipientFirstName"},
    {"LastName", "recipientLastName"},
    {"Email", "recipientEmail"},
    {"ExternalDataReference", "externalDataReference"},
    {"Language", "userLanguage"},
}};

// City, region and country are looked up by the survey platform and are not part of a response.
constexpr std::array<NamedValue, 3> location{{
    {"IPAddress", "ipAddress"},
    {"Latitude", "locationLatitude"},
    {"Longitude", "locationLongitude"},
}};

template <std::size_t Size>
const NamedValue* find_named(const std::array<NamedValue, Size>& names, std::string_view name) {
  auto at = std::find_if(names.begin(), names.end(), [name](const NamedValue& one) { return one.name == name; });
  return at == names.end() ? nullptr : &*at;
}

// A pipe that is understood.
struct Parsed {
  std::string_view question{};  // "QID3", or empty for a value with a name of its own
  std::string_view row{};
  Part part = Part::recode;
  std::string_view key{};     // of a value with a name of its own
  std::string_view or_key{};  // looked at when `key` holds nothing
  bool url_encoded = false;
};

struct Misunderstood {
  std::string wrong;
  std::string right{};  // a whole pipe, e.g. "q://QID1/SelectedChoicesRecode"
};

using Understanding = std::variant<Parsed, Misunderstood>;

bool is_question_name(std::string_view name) {
  // `2_QID5` is the second pass of a loop, `QID5#1` the first column of a side-by-side, `QID1_NPS_GROUP` an NPS group.
  std::size_t start = name.find("QID");
  if (start == std::string_view::npos || start + 3 >= name.size()) return false;
  if (start > 0 && (start < 2 || name[start - 1] != '_')) return false;
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string_view loop = start > 0 ? name.substr(0, start - 1) : "";
  if (!std::all_of(loop.begin(), loop.end(), is_digit)) return false;
  std::string_view rest = name.substr(start + 3);
  return is_digit(rest.front()) && std::all_of(rest.begin(), rest.end(), [&](char c) {
           return is_digit(c) || c == '_' || c == '#' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

std::string as_question_name(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return is_question_name(upper) ? upper : std::string("QID1");
}

std::string shown_form(const QuestionForm& form, std::string_view question) {
  return fmt::format("q://{}/{}{}", question, form.path, form.row == Row::needed ? "/1" : "");
}

Misunderstood unknown_question_form(std::string_view question, std::string_view form) {
  std::vector<std::string> known;
  for (const QuestionForm& one : question_forms) known.emplace_back(one.path);
  if (form == "QuestionText" || form == "QuestionDescription") {
    return {fmt::format("'{}' asks for the question's wording, which is not part of a response", form)};
  }
  // Compared with and without a last segment, which may be a row.
  std::string near = base::nearest(form, known);
  if (near.empty()) near = base::nearest(form.substr(0, form.rfind('/')), known);
  Misunderstood answer{fmt::format("'{}' is no form of a question's answer", form)};
  for (const QuestionForm& one : question_forms) {
    if (one.path == near) answer.right = shown_form(one, question);
  }
  if (answer.right.empty()) answer.right = shown_form(question_forms.front(), question);
  return answer;
}

Understanding understand_question(std::string_view path) {
  std::size_t slash = path.find('/');
  std::string_view question = path.substr(0, slash);
  std::string_view form = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  if (!is_question_name(question)) {
    return Misunderstood{
        fmt::format("'{}' is no question", question),
        fmt::format("q://{}/{}", as_question_name(question), form.empty() ? "SelectedChoicesRecode" : form)};
  }
  if (form.empty()) {
    return Misunderstood{fmt::format("'q://{}' does not say what of the answer is meant", question),
                         shown_form(question_forms.front(), question)};
  }
  for (const QuestionForm& known : question_forms) {
    std::string_view row;
    if (form.substr(0, known.path.size()) != known.path) continue;
    if (form.size() > known.path.size()) {
      if (form[known.path.size()] != '/') continue;
      row = form.substr(known.path.size() + 1);
      if (row.empty() || row.find('/') != std::string_view::npos) continue;
    }
    if (row.empty() && known.row == Row::needed) {
      return Misunderstood{fmt::format("'{}' needs the number of a row or choice", form), shown_form(known, question)};
    }
    if (!row.empty() && known.row == Row::none) {
      return Misunderstood{fmt::format("'{}' takes no row", known.path), shown_form(known, question)};
    }
    return Parsed{.question = question, .row = row, .part = known.part};
  }
  return unknown_question_form(question, form);
}

template <std::size_t Size>
Understanding understand_named(std::string_view before, std::string_view name,
                               const std::array<NamedValue, Size>& names, std::string_view what) {
  if (const NamedValue* found = find_named(names, name)) return Parsed{.key = found->key};
  std::vector<std::string> known;
  for (const NamedValue& one : names) known.emplace_back(one.name);
  std::string near = base::nearest(name, known);
  return Misunderstood{fmt::format("'{}' is not among {}", name, what),
                       fmt::format("{}{}", before, near.empty() ? known.front() : near)};
}

// The part after `Field/`; nullopt when the path has another shape.
std::optional<std::string_view> after_field(std::string_view path) {
  constexpr std::string_view prefix = "Field/";
  if (path.substr(0, prefix.size()) != prefix || path.size() == prefix.size()) return std::nullopt;
  return path.substr(prefix.size());
}

Understanding understand_path(std::string_view scheme, std::string_view path) {
  if (scheme == "q") return understand_question(path);
  if (scheme == "m") return understand_named("m://", path, contact, "what a response knows of its contact");
  if (scheme == "loc") {
    return understand_named("loc://", path, location, "what a response knows of the respondent's place");
  }
  if (scheme != "e" && scheme != "rm") {
    std::string near = base::nearest(scheme, {"q", "e", "m", "rm", "loc"});
    return Misunderstood{
        fmt::format("'{}://' is not known here: a response answers q://, e://, m://, rm:// and loc://", scheme),
        near.empty() ? "" : fmt::format("{}://{}", near, path)};
  }
  std::optional<std::string_view> name = after_field(path);
  if (!name) {
    return Misunderstood{fmt::format("'{}' names no field", path), fmt::format("{}://Field/{}", scheme,
                                                                               scheme == "rm" ? "ResponseID"
                                                                               : path.empty() ? "NAME"
                                                                                              : path)};
  }
  if (scheme == "rm") return understand_named("rm://Field/", *name, metadata, "a response's metadata");
  const NamedValue* built_in = find_named(embedded_built_ins, *name);
  return built_in ? Parsed{.key = built_in->key, .or_key = *name} : Parsed{.key = *name};
}

Understanding understand(std::string_view scheme, std::string_view path) {
  std::size_t question_mark = path.find('?');
  std::string_view modifier = question_mark == std::string_view::npos ? "" : path.substr(question_mark + 1);
  std::string_view plain = path.substr(0, question_mark);
  if (question_mark != std::string_view::npos && modifier != "format=urlencode") {
    return Misunderstood{fmt::format("'?{}' is no modifier of piped text", modifier),
                         fmt::format("{}://{}?format=urlencode", scheme, plain)};
  }
  Understanding result = understand_path(scheme, plain);
  if (Parsed* parsed = std::get_if<Parsed>(&result)) parsed->url_encoded = question_mark != std::string_view::npos;
  return result;
}

std::string to_sentence(const Misunderstood& fault) {
  return fault.right.empty() ? fault.wrong : fmt::format("{} · did you mean '{}'?", fault.wrong, fault.right);
}

// Looks up one understood pipe in one response.
class LookUp {
 public:
  LookUp(const Response& response, const Parsed& pipe) : response_(response), pipe_(pipe) {}

  base::Value value() const {
    if (pipe_.question.empty()) return named_value();
    switch (pipe_.part) {
      case Part::recode: return value_or_blank(key());
      case Part::label: return label();
      case Part::label_with_text: return label_with_text();
      case Part::count: return count();
      case Part::text: return text();
    }
    return base::Blank{};
  }

 private:
  // QID4, or QID4_2 for its second row.
  std::string key() const {
    return pipe_.row.empty() ? std::string(pipe_.question) : fmt::format("{}_{}", pipe_.question, pipe_.row);
  }

  static const base::Value* find_in(const std::unordered_map<std::string, base::Value>& values,
                                    const std::string& key) {
    auto at = values.find(key);
    return at == values.end() ? nullptr : &at->second;
  }

  bool shown(const std::string& key) const { return response_.displayed.contains(key); }

  base::Value value_or_blank(const std::string& key) const {
    if (const base::Value* found = find_in(response_.values, key)) return *found;
    return base::Blank{shown(key)};
  }

  base::Value named_value() const {
    if (pipe_.key == "*id") return response_.id;
    if (pipe_.key == "*survey" && !response_.survey.empty()) return response_.survey;
    base::Value found = value_or_blank(std::string(pipe_.key));
    if (std::holds_alternative<base::Blank>(found.data) && !pipe_.or_key.empty()) {
      return value_or_blank(std::string(pipe_.or_key));
    }
    return found;
  }

  base::Value label() const {
    std::string wanted = key();
    if (const base::Value* found = find_in(response_.labels, wanted)) return without_html(*found);
    const base::Value* answered = find_in(response_.values, wanted);
    if (!answered) return base::Blank{shown(wanted)};
    // The scale points of an NPS question carry no wording; its group does: Promoter, Passive, Detractor.
    if (const base::Value* group = find_in(response_.labels, wanted + "_NPS_GROUP")) return without_html(*group);
    // Numbers given on a scale have no wording either: the number is its own.
    return without_html(*answered, /*as_text=*/true);
  }

  static base::Value without_html(const base::Value& value, bool as_text = false) {
    if (const auto* list = std::get_if<base::List>(&value.data)) {
      base::List stripped;
      stripped.reserve(list->size());
      for (const base::Value& item : *list) stripped.push_back(without_html(item, as_text));
      return stripped;
    }
    if (const auto* text = std::get_if<std::string>(&value.data)) return strip_html(*text);
    return as_text ? base::Value(base::to_text(value)) : value;
  }

  base::Value label_with_text() const {
    base::Value labels = label();
    const base::Value* chosen = find_in(response_.values, key());
    if (!chosen) return labels;
    if (auto* many = std::get_if<base::List>(&labels.data)) {
      const auto* choices = std::get_if<base::List>(&chosen->data);
      for (std::size_t i = 0; choices && i < many->size() && i < choices->size(); ++i) {
        if (const base::Value* typed = typed_text((*choices)[i])) (*many)[i] = *typed;
      }
      return labels;
    }
    if (const base::Value* typed = typed_text(*chosen)) return *typed;
    return labels;
  }

  const base::Value* typed_text(const base::Value& choice) const {
    return find_in(response_.values, fmt::format("{}_{}_TEXT", pipe_.question, base::to_text(choice)));
  }

  base::Value count() const {
    const base::Value* chosen = find_in(response_.values, key());
    if (!chosen) return shown(key()) ? base::Value(base::number(0)) : base::Value(base::Blank{});
    const auto* many = std::get_if<base::List>(&chosen->data);
    return base::number(many ? static_cast<double>(many->size()) : 1);
  }

  base::Value text() const {
    std::string typed = key() + "_TEXT";
    if (const base::Value* found = find_in(response_.values, typed)) return *found;
    // A form's field stands under the row itself.
    if (!pipe_.row.empty()) {
      if (const base::Value* field = find_in(response_.values, key())) {
        if (std::holds_alternative<std::string>(field->data)) return *field;
      }
    }
    return base::Blank{shown(typed) || shown(key()) || shown(std::string(pipe_.question))};
  }

  const Response& response_;
  const Parsed& pipe_;
};

}  // namespace

std::string what_is_wrong_with(std::string_view scheme, std::string_view path) {
  Understanding understanding = understand(scheme, path);
  const auto* fault = std::get_if<Misunderstood>(&understanding);
  return fault ? to_sentence(*fault) : "";
}

base::Result<base::Value> look_up(const Response& response, std::string_view scheme, std::string_view path) {
  Understanding understanding = understand(scheme, path);
  if (const auto* fault = std::get_if<Misunderstood>(&understanding)) {
    return base::Error{pipe_unknown, fmt::format("'{}://{}': {}", scheme, path, to_sentence(*fault))};
  }
  const Parsed& pipe = std::get<Parsed>(understanding);
  base::Value value = LookUp(response, pipe).value();
  if (pipe.url_encoded && !std::holds_alternative<base::Blank>(value.data)) {
    return base::Value(base::http::percent_encode(base::to_text(value)));
  }
  return value;
}

}  // namespace connectors::survey
