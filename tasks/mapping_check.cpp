#include "tasks/mapping_check.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/pipe.hpp"
#include "tasks/brought_check.hpp"
#include "tasks/conversion.hpp"
#include "tasks/errors.hpp"
#include "tasks/possible_answers.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::survey::Choice;
using connectors::survey::Question;
using connectors::survey::QuestionKind;

constexpr std::string_view map_it = "map it with \"map\"";

class ValueCheck {
 public:
  ValueCheck(const FieldValue& value, const FieldSchema& field, const std::string& at, const BroughtValues& brought)
      : value_(value), field_(field), at_(at), brought_(brought) {}

  void check_document() {
    if (value_.map.empty())
      judge_source(value_.source, "");
    else
      for (const auto& [answer, mapped] : value_.map) judge(mapped, "/map" + base::pointer_token(answer));
    if (value_.if_blank == IfBlank::fallback) judge_source(value_.fallback, "/default");
  }

  // Only where the answer itself is what is written: every choice that the question has, as the org would take it.
  void check_choices(const connectors::survey::Survey& survey) {
    const AskedChoices asked = asked_choices(value_, survey, brought_.list());
    if (!asked.question) return;
    if (value_.chosen) return check_chosen(*asked.question);
    const std::size_t before = findings.size();
    std::set<std::string> judged;
    for (const PossibleAnswer& answer : asked.answers)
      if (!answer.text.empty() && judged.insert(answer.text).second) judge_choice(answer.text, asked.question->id);
    // What is wrong for every answer is the document's fault, told once.
    if (value_.map.empty() && !judged.empty() && findings.size() == before + judged.size() &&
        findings.back().severity == base::Severity::warning) {
      findings.resize(before + 1);
      findings.back().severity = base::Severity::error;
    }
    if (findings.size() == before) check_several(asked);
    check_typed_text(*asked.question, asked.form);
  }

  base::Findings findings{};

 private:
  void check_chosen(const Question& question) {
    if (question.choices.empty() || question.choice_of_recode(*value_.chosen)) return;
    std::string recodes;
    for (const Choice& choice : question.choices) recodes += (recodes.empty() ? "" : ", ") + choice.recode;
    note(choice_unknown, "",
         fmt::format("{} has no choice with the recode '{}': it has {}", question.id, *value_.chosen, recodes),
         base::Severity::error);
  }

  // Whoever gives one answer only has no trouble.
  void check_several(const AskedChoices& asked) {
    if (!asked.may_be_several || !takes_one_value()) return;
    const auto is_written = [&](const auto& entry) { return !entry.second.is_blank(); };
    if (!value_.map.empty() && std::count_if(value_.map.begin(), value_.map.end(), is_written) < 2 &&
        !value_.map.contains("*"))
      return;
    note(mapping_value_several.name, "",
         fmt::format("{} can be answered with several at once, and the field takes one", asked.question->id),
         base::Severity::warning,
         "map each into a field of its own, as the presets do, or all into a multi-select picklist or a text");
  }

  bool takes_one_value() const {
    return field_.kind != FieldKind::text && field_.kind != FieldKind::textarea &&
           field_.kind != FieldKind::multipicklist && field_.kind != FieldKind::compound &&
           field_.kind != FieldKind::other;
  }

  // What people type has no end that the org knows of.
  void check_typed_text(const Question& question, std::string_view form) {
    const bool is_typed = (question.kind == QuestionKind::text || question.kind == QuestionKind::form) &&
                          form.starts_with("ChoiceTextEntryValue");
    const bool has_end = field_.kind == FieldKind::text || field_.kind == FieldKind::textarea;
    constexpr std::size_t typed_max = 20'000;  // what the survey platform takes of one text
    if (!is_typed || !has_end || !value_.map.empty() || value_.conversion.on_too_long != OnTooLong::fail) return;
    if (field_.length == 0 || field_.length >= typed_max) return;
    findings.push_back(
        {.code = std::string(answer_may_be_too_long),
         .pointer = at_,
         .message = fmt::format("{} takes {} characters, and {} may be answered with more: the task ends "
                                "with mapping_value_too_long then",
                                field_.name, field_.length, question.id),
         .hint = "say \"on_too_long\": \"truncate\" or \"ellipsis\"",
         .severity = base::Severity::warning});
  }

  void judge_source(const FieldValue::Source& source, const std::string& below) {
    if (const auto* literal = std::get_if<base::Value>(&source)) return judge(*literal, below);
    const auto& text = std::get<engine::PipedText>(source);
    if (text.is_literal()) return judge(base::Value(engine::to_string(text)), below);
    if (below.empty() && value_.chosen) return;  // then yes or no is what is written
    base::Findings misfits = check_brought(source, value_.conversion, field_, at_ + below, brought_);
    std::move(misfits.begin(), misfits.end(), std::back_inserter(findings));
  }

  void judge(const base::Value& value, const std::string& below) {
    if (value.is_blank()) return;
    base::Value written = value;
    const base::Status fit = convert(written, value_.conversion, &field_);
    if (!fit) return note(fit.error().code.name, below, fit.error().message, base::Severity::error);
    const std::string other = what_else_is_named_by(base::to_text(written), field_, brought_.org());
    if (!other.empty()) findings.push_back(id_of_another(field_, at_ + below, other));
  }

  // What the document maps is judged as the document; an answer that it does not name fails for its respondent only. A
  // closed picklist that lacks a choice of the survey is wrong before anybody responds, whoever they are.
  void judge_choice(const std::string& answer, const std::string& question) {
    if (!value_.map.empty()) {
      if (value_.map.contains(answer) || value_.map.contains("*")) return;
      note(mapping_value_not_in_map.name, "/map",
           fmt::format("{} can be answered with '{}', which the map does not name", question, answer),
           base::Severity::warning, map_it);
      return;
    }
    base::Value written(answer);
    const base::Status fit = convert(written, value_.conversion, &field_);
    if (fit) return;
    const bool is_closed = fit.error().code == mapping_value_not_in_picklist;
    note(fit.error().code.name, "",
         fmt::format("{} can be answered with '{}': {}", question, answer, fit.error().message),
         is_closed ? base::Severity::error : base::Severity::warning, map_it);
  }

  void note(std::string_view code, const std::string& below, const std::string& message, base::Severity severity,
            std::string_view hint = "") {
    findings.push_back({.code = std::string(code),
                        .pointer = at_ + below,
                        .message = fmt::format("{} ({}): {}", field_.name, field_.type, message),
                        .hint = std::string(hint),
                        .severity = severity});
  }

  const FieldValue& value_;
  const FieldSchema& field_;
  const std::string& at_;
  const BroughtValues& brought_;
};

}  // namespace

base::Findings check_values(const FieldValue& value, const FieldSchema& field, const std::string& at,
                            const BroughtValues& brought) {
  ValueCheck check(value, field, at, brought);
  check.check_document();
  if (brought.survey()) check.check_choices(*brought.survey());
  return std::move(check.findings);
}

bool is_required(const FieldSchema& field) {
  // A checkbox is never without a value.
  return field.createable && !field.nillable && !field.defaulted && field.kind != FieldKind::boolean;
}

bool is_required_in_record(const FieldSchema& field) { return is_required(field) && field.kind != FieldKind::compound; }

bool is_record_key(const FieldSchema& field) { return field.external_id || field.id_lookup; }

bool may_be_blank(const FieldValue& value) {
  if (value.if_blank == IfBlank::fallback || value.if_blank == IfBlank::fail) return false;
  const auto* text = std::get_if<engine::PipedText>(&value.source);
  return text && text->is_one_value();
}

}  // namespace tasks
