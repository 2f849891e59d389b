// The answer to one question's pipe, found in one response.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "connectors/survey/html_text.hpp"
#include "connectors/survey/nps_group.hpp"
#include "connectors/survey/question_pipe.hpp"
#include "connectors/survey/question_rows.hpp"

namespace connectors::survey {

namespace {

// Numbers given on a scale have no wording: the number is its own.
base::Value own_wording(const base::Value& recode) {
  if (!std::holds_alternative<base::List>(recode.data)) return strip_html(base::to_text(recode));
  base::List words;
  for (const base::Value& one : std::get<base::List>(recode.data)) words.push_back(own_wording(one));
  return words;
}

bool is_typed(QuestionKind kind) {
  return kind == QuestionKind::text || kind == QuestionKind::form || kind == QuestionKind::matrix_text;
}

base::Value wordings(const Choices& choices) {
  base::List list;
  list.reserve(choices.size());
  for (const Choice& choice : choices) list.emplace_back(choice.label);
  return list;
}

class AnswerLookUp {
 public:
  AnswerLookUp(const QuestionPipe& pipe, const PipeContext& context)
      : pipe_(pipe),
        response_(context.response),
        question_(context.survey ? context.survey->question(take_apart(pipe.question).id) : nullptr),
        survey_(context.survey),
        name_(pipe.question) {
    // Inside a pass of a loop, a question without a number is the one of this pass.
    if (!context.loop.empty() && take_apart(pipe.question).pass.empty()) {
      std::string looped = fmt::format("{}_{}", context.loop, pipe.question);
      if (survey_ ? question_ && survey_->is_looped(*question_) : is_named_in(looped)) name_ = std::move(looped);
    }
  }

  Found find() const {
    if (PipeFault fault = nested_answer(); fault.is_one()) return fault;
    switch (pipe_.form->part) {
      case Part::recode: return recode();
      case Part::label: return label();
      case Part::label_with_text: return label_with_text();
      case Part::count: return count();
      case Part::text: return text();
      case Part::number: return number();
      case Part::rank: return rank();
      case Part::keyed: return value_or_blank(response_, name_ + std::string(pipe_.form->suffix));
      case Part::nps_group: return group(name_, /*as_recode=*/false);
      case Part::nps_group_recode: return group(name_, /*as_recode=*/true);
      case Part::file_link: return file_link();
      case Part::rows: return names_of_rows();
      default: return wording();
    }
  }

  std::vector<AnsweredRow> rows() const { return answered_rows(response_, name_, question_); }

 private:
  // Those that were answered, by their wording, or by their number where that is not known.
  Found names_of_rows() const {
    base::List names;
    for (const AnsweredRow& row : rows()) {
      if (!row.recode.is_blank()) names.emplace_back(row.text.empty() ? row.id : row.text);
    }
    if (names.empty()) return blank(name_);
    return base::Value(std::move(names));
  }

  // An answer in a shape that none has: what somebody else wrote under a question's key.
  PipeFault nested_answer() const {
    if (response_.nested.empty() || is_wording_only()) return {};
    const std::string wanted = key();
    for (const std::string& one : {name_, wanted, wanted + "_TEXT"}) {
      if (PipeFault fault = nested_fault(response_, one); fault.is_one()) return fault;
    }
    const bool asks_all_rows = pipe_.row.empty() && (pipe_.form->part == Part::recode ||
                                                     pipe_.form->part == Part::label || pipe_.form->part == Part::rows);
    for (const auto& [key, text] : response_.nested) {
      if (asks_all_rows && key.starts_with(name_ + '_')) return nested_fault(response_, key);
    }
    return {};
  }

  bool is_wording_only() const {
    switch (pipe_.form->part) {
      case Part::all:
      case Part::choice_wording:
      case Part::answer_wording:
      case Part::wording:
      case Part::description: return true;
      default: return false;
    }
  }

  bool is_named_in(const std::string& question) const {
    auto begins = [&](const std::string& key) { return key.starts_with(question); };
    return std::any_of(response_.values.begin(), response_.values.end(),
                       [&](const auto& entry) { return begins(entry.first); }) ||
           std::any_of(response_.displayed.begin(), response_.displayed.end(), begins);
  }

  // QID4, or QID4_2 for its second row, or QID4_2_3 for a column of it.
  std::string key() const {
    std::string key = name_;
    key += pipe_.form->suffix;
    for (std::string_view segment : {pipe_.row, pipe_.column}) {
      if (!segment.empty()) (key += '_') += segment;
    }
    return key;
  }

  const base::Value* value_at(const std::string& key) const { return find_value(response_.values, key); }
  bool shown(const std::string& key) const { return response_.displayed.contains(key); }
  base::Value blank(const std::string& key) const { return base::Blank{shown(key) || shown(name_)}; }

  // The key of the answer to the row, or to the whole question. Where the row is the number of a group, it is the key
  // of the items in it.
  std::string answer_key() const {
    std::string wanted = key();
    if (pipe_.row.empty() || value_at(wanted)) return wanted;
    std::string of_group = wanted + "_GROUP";
    return value_at(of_group) ? of_group : wanted;
  }

  const base::Value* answer() const { return value_at(answer_key()); }

  // An answer that is no score has no group, and stays what it is.
  base::Value group(std::string_view question, bool as_recode) const {
    if (const auto group = nps_group(response_, question)) {
      if (as_recode) return base::number(static_cast<double>(*group));
      return std::string(to_string(*group));
    }
    const base::Value* answered = find_value(response_.values, question);
    if (!answered) return base::Blank{response_.displayed.contains(question)};
    return as_recode ? *answered : own_wording(*answered);
  }

  // "QID1" of "QID1_NPS_GROUP", the key of a group that the response may carry; empty for every other name.
  std::string_view question_of_group() const {
    constexpr std::string_view ending = "_NPS_GROUP";
    const bool is_one = pipe_.row.empty() && name_.ends_with(ending);
    return is_one ? std::string_view(name_).substr(0, name_.size() - ending.size()) : std::string_view{};
  }

  Found recode() const {
    if (const std::string_view of = question_of_group(); !of.empty()) return group(of, /*as_recode=*/true);
    if (const base::Value* found = answer()) return *found;
    return of_all_rows([](const AnsweredRow& row) { return row.recode; });
  }

  base::Value label_of(const std::string& key, const base::Value* answered) const {
    if (const base::Value* found = find_value(response_.labels, key)) return without_html(*found);
    if (!answered) return blank(key);
    return question_ ? worded(*answered, *question_) : own_wording(*answered);
  }

  Found label() const {
    if (const std::string_view of = question_of_group(); !of.empty()) return group(of, /*as_recode=*/false);
    // The scale points of an NPS question carry no wording; what was chosen is told by the group.
    if (pipe_.row.empty() && asks_nps(response_, name_, question_)) return group(name_, /*as_recode=*/false);
    const base::Value* answered = answer();
    if (!answered && pipe_.row.empty() && !find_value(response_.labels, key())) {
      return of_all_rows([](const AnsweredRow& row) { return row.label; });
    }
    return label_of(answer_key(), answered);
  }

  Found label_with_text() const {
    const base::Value* chosen = answer();
    base::Value labels = label_of(answer_key(), chosen);
    if (!chosen) return labels;
    if (auto* many = std::get_if<base::List>(&labels.data)) {
      const auto* choices = std::get_if<base::List>(&chosen->data);
      for (std::size_t i = 0; choices && i < many->size() && i < choices->size(); ++i) {
        if (const base::Value* typed = typed_text((*choices)[i])) (*many)[i] = *typed;
      }
      return labels;
    }
    // In a row of a matrix it is the row, not the choice, that takes a text.
    const base::Value* typed = pipe_.row.empty() ? typed_text(*chosen) : value_at(key() + "_TEXT");
    return typed ? *typed : labels;
  }

  // The text's key has the choice's id, which may differ from the recode.
  const base::Value* typed_text(const base::Value& choice) const {
    std::string id = base::to_text(choice);
    if (const Choice* known = question_ ? question_->choice_of_recode(id) : nullptr) id = known->id;
    return value_at(fmt::format("{}_{}_TEXT", name_, id));
  }

  Found count() const {
    const base::Value* chosen = answer();
    if (!chosen) {
      return std::get<base::Blank>(blank(key()).data).shown ? base::number(0) : base::Value(base::Blank{});
    }
    const auto* many = std::get_if<base::List>(&chosen->data);
    return base::number(many ? static_cast<double>(many->size()) : 1);
  }

  Found text() const {
    const std::string field = key();
    const std::string typed = field + "_TEXT";
    if (const base::Value* found = value_at(typed)) return *found;
    // A form's field stands under the row itself. Its digits are what somebody typed.
    const base::Value* answered = pipe_.row.empty() ? nullptr : value_at(field);
    const bool is_text = answered && std::holds_alternative<std::string>(answered->data);
    if (answered && (question_ ? is_typed(question_->kind) : is_text)) return base::Value(base::to_text(*answered));
    return base::Value(base::Blank{shown(typed) || shown(field) || shown(name_)});
  }

  Found number() const {
    const std::string wanted = key();
    if (const base::Value* found = value_at(wanted)) return *found;
    return blank(wanted);
  }

  Found rank() const {
    if (pipe_.column.empty()) return number();
    const std::string wanted = fmt::format("{}_G{}_{}_RANK", name_, pipe_.row, pipe_.column);
    if (const base::Value* found = value_at(wanted)) return *found;
    return blank(wanted);
  }

  // A list with one item a row, blank where a row was left out.
  template <class Member>
  Found of_all_rows(Member member) const {
    const std::string wanted = key();
    if (!pipe_.row.empty() || shown(wanted)) return blank(wanted);
    const std::vector<AnsweredRow> rows = answered_rows(response_, name_, question_);
    const bool any =
        std::any_of(rows.begin(), rows.end(), [](const AnsweredRow& row) { return !row.recode.is_blank(); });
    if (!any) {
      const bool seen = std::any_of(rows.begin(), rows.end(), [](const AnsweredRow& row) { return row.shown; });
      return base::Value(base::Blank{seen});
    }
    base::List list;
    list.reserve(rows.size());
    for (const AnsweredRow& row : rows) list.push_back(member(row));
    return base::Value(std::move(list));
  }

  Found file_link() const {
    for (const char* suffix : {"_FILE_URL", "_FILE_LINK"}) {
      if (const base::Value* link = value_at(name_ + suffix)) return *link;
    }
    const std::string key = name_ + "_FILE_ID";
    const base::Value* id = value_at(key);
    if (!id) return blank(key);
    const std::string text = base::to_text(*id);
    if (text.starts_with("https://")) return *id;
    if (!survey_ || survey_->brand.empty()) {
      return PipeFault{
          "the link to a file needs the survey's brand, which its definition names: put survey.qsf beside the "
          "workflow"};
    }
    return base::Value(fmt::format("https://{}.qualtrics.com/CP/File.php?F={}", survey_->brand, text));
  }

  // What only the survey's definition knows.
  Found wording() const {
    if (!survey_) return PipeFault{fmt::format("'{}' needs the survey's definition", pipe_.form->path)};
    if (!question_) return PipeFault{fmt::format("the survey has no question {}", take_apart(pipe_.question).id)};
    switch (pipe_.form->part) {
      case Part::wording: return base::Value(question_->text);
      case Part::description: return base::Value(question_->description);
      case Part::all: return wordings(question_->rows.empty() ? question_->choices : question_->rows);
      case Part::choice_wording: {
        const Choice* choice = question_->rows.empty() ? question_->choice(pipe_.row) : question_->row(pipe_.row);
        return choice ? base::Value(choice->label) : base::Value(base::Blank{});
      }
      case Part::answer_wording: {
        const Choice* choice = question_->choice(pipe_.row);
        return choice ? base::Value(choice->label) : base::Value(base::Blank{});
      }
      case Part::variable_name: return variable_name();
      case Part::unselected: return unselected();
      default: return displayed();
    }
  }

  Found variable_name() const {
    const base::Value* chosen = answer();
    if (!chosen) return blank(key());
    auto name_of = [&](const base::Value& recode) {
      const Choice* choice = question_->choice_of_recode(base::to_text(recode));
      if (!choice) return base::Value(base::Blank{true});
      return base::Value(choice->variable_name.empty() ? choice->label : choice->variable_name);
    };
    const auto* many = std::get_if<base::List>(&chosen->data);
    if (!many) return name_of(*chosen);
    base::List names;
    for (const base::Value& one : *many) names.push_back(name_of(one));
    return base::Value(std::move(names));
  }

  // What was offered: as the response says, else what the survey has.
  Choices offered() const {
    const base::Value* values = find_value(response_.offered, name_);
    const auto* recodes = values ? std::get_if<base::List>(&values->data) : nullptr;
    if (!recodes) return question_->choices;
    Choices choices;
    for (const base::Value& recode : *recodes) {
      if (const Choice* choice = question_->choice_of_recode(base::to_text(recode))) choices.push_back(*choice);
    }
    return choices;
  }

  bool was_seen() const { return value_at(name_) || shown(name_) || response_.offered.contains(name_); }

  Found displayed() const {
    if (!was_seen()) return base::Value(base::Blank{});
    return wordings(offered());
  }

  Found unselected() const {
    if (!was_seen()) return base::Value(base::Blank{});
    std::vector<std::string> chosen;
    if (const base::Value* answered = value_at(name_)) {
      if (const auto* many = std::get_if<base::List>(&answered->data)) {
        for (const base::Value& one : *many) chosen.push_back(base::to_text(one));
      } else {
        chosen.push_back(base::to_text(*answered));
      }
    }
    Choices rest = offered();
    std::erase_if(rest, [&](const Choice& choice) {
      return std::find(chosen.begin(), chosen.end(), choice.recode) != chosen.end();
    });
    return wordings(rest);
  }

  const QuestionPipe& pipe_;
  const Response& response_;
  const Question* question_;  // nullptr without a survey
  const Survey* survey_;
  std::string name_;
};

}  // namespace

std::vector<AnsweredRow> find_rows(const QuestionPipe& pipe, const PipeContext& context) {
  return AnswerLookUp(pipe, context).rows();
}

Found find_answer(const QuestionPipe& pipe, const PipeContext& context) { return AnswerLookUp(pipe, context).find(); }

}  // namespace connectors::survey
