#include "connectors/survey/question_reader.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "connectors/survey/html_text.hpp"

namespace connectors::survey {

namespace {

// The platform's words. An empty selector fits all; the first line that fits counts.
struct KindLine {
  std::string_view type;
  std::string_view selector;
  std::string_view sub_selector;
  QuestionKind kind;
};

constexpr std::array<KindLine, 35> kind_lines{{
    {"MC", "NPS", "", QuestionKind::nps},
    {"MC", "MAVR", "", QuestionKind::multiple_choice},
    {"MC", "MAHR", "", QuestionKind::multiple_choice},
    {"MC", "MACOL", "", QuestionKind::multiple_choice},
    {"MC", "MSB", "", QuestionKind::multiple_choice},
    {"MC", "", "", QuestionKind::single_choice},
    {"NPS", "", "", QuestionKind::nps},
    {"TE", "FORM", "", QuestionKind::form},
    {"TE", "", "", QuestionKind::text},
    {"Matrix", "TE", "", QuestionKind::matrix_text},
    {"Matrix", "RO", "", QuestionKind::rank_order},
    {"Matrix", "CS", "", QuestionKind::constant_sum},
    {"Matrix", "", "MultipleAnswer", QuestionKind::matrix_multiple},
    {"Matrix", "", "", QuestionKind::matrix_single},
    {"Slider", "", "", QuestionKind::slider},
    {"CS", "", "", QuestionKind::constant_sum},
    {"RO", "", "", QuestionKind::rank_order},
    {"SBS", "", "", QuestionKind::side_by_side},
    {"PGR", "", "", QuestionKind::pick_group_rank},
    {"DD", "", "", QuestionKind::drill_down},
    {"DrillDown", "", "", QuestionKind::drill_down},
    {"FileUpload", "", "", QuestionKind::file_upload},
    {"Signature", "", "", QuestionKind::file_upload},
    {"Draw", "", "", QuestionKind::file_upload},
    {"Timing", "", "", QuestionKind::timing},
    {"Meta", "", "", QuestionKind::meta},
    {"DB", "", "", QuestionKind::descriptive},
    {"HeatMap", "", "", QuestionKind::other},
    {"HotSpot", "", "", QuestionKind::other},
    {"HL", "", "", QuestionKind::other},
    {"Highlight", "", "", QuestionKind::other},
    {"SS", "", "", QuestionKind::other},
    {"Captcha", "", "", QuestionKind::other},
    {"TreeSelect", "", "", QuestionKind::other},
    {"OrgHierarchy", "", "", QuestionKind::other},
}};

const KindLine* kind_line(const Question& question) {
  auto fits = [&](const KindLine& line) {
    return line.type == question.type && (line.selector.empty() || line.selector == question.selector) &&
           (line.sub_selector.empty() || line.sub_selector == question.sub_selector);
  };
  auto at = std::find_if(kind_lines.begin(), kind_lines.end(), fits);
  return at == kind_lines.end() ? nullptr : &*at;
}

// What the platform calls choices are the rows of such a question; what it calls answers, their choices.
bool choices_are_rows(QuestionKind kind) {
  switch (kind) {
    case QuestionKind::single_choice:
    case QuestionKind::multiple_choice:
    case QuestionKind::nps: return false;
    default: return true;
  }
}

class QuestionReader {
 public:
  QuestionReader(const LooseJson& value, std::string id, SurveyFaults& faults) : value_(value), faults_(faults) {
    question_.id = std::move(id);
  }

  Question read() {
    if (!value_.is_object()) {
      faults_.note(value_.at(), fmt::format("the question {} is no object", question_.id));
      return std::move(question_);
    }
    read_words();
    read_kind();
    read_choices();
    if (question_.kind == QuestionKind::nps) complete_scale();
    read_groups();
    read_columns();
    question_.carries_from = question_in(value_["DynamicChoices"]["Locator"].text());
    return std::move(question_);
  }

 private:
  void read_words() {
    question_.export_tag = value_.member({"DataExportTag", "questionName"}).text();
    question_.text = strip_html(value_.member({"QuestionText", "questionText"}).text());
    question_.description = strip_html(value_.member({"QuestionDescription", "questionLabel"}).text());
  }

  void read_kind() {
    const LooseJson view = value_["questionType"];
    question_.type = view.is_object() ? view["type"].text() : value_.member({"QuestionType", "questionType"}).text();
    question_.selector = view.is_object() ? view["selector"].text() : value_["Selector"].text();
    question_.sub_selector = view.is_object() ? view["subSelector"].text() : value_["SubSelector"].text();
    if (question_.type.empty()) {
      faults_.note(value_.at(), fmt::format("{} does not say what type of question it is", question_.id));
    } else if (const KindLine* line = kind_line(question_)) {
      question_.kind = line->kind;
    } else {
      faults_.note(value_.at(),
                   fmt::format("{} is of the type '{}', which Sluice does not know: its answers are reached by "
                               "${{event://values/{}}} only",
                               question_.id, question_.type, question_.id),
                   base::Severity::note);
    }
  }

  void read_choices() {
    const LooseJson sub_questions = value_["subQuestions"];
    const LooseJson choices = value_.member({"Choices", "choices"});
    const LooseJson answers = value_.member({"Answers", "answers"});
    if (!choices_are_rows(question_.kind)) {
      question_.choices = read_list(choices, value_["ChoiceOrder"], "choices");
      add_recodes(question_.choices);
      add_names(question_.choices);
      add_tags(question_.choices);
      return;
    }
    // The older view has the rows in a list of their own, and calls "choices" what can be chosen.
    const bool is_view = sub_questions.is_there();
    question_.rows = read_list(is_view ? sub_questions : choices, value_["ChoiceOrder"], "choices");
    question_.choices = read_list(is_view ? choices : answers, value_["AnswerOrder"], "answers");
    add_recodes(question_.choices);
    add_names(question_.choices.empty() ? question_.rows : question_.choices);
    add_tags(question_.rows);
    if (question_.kind == QuestionKind::drill_down) read_levels();
  }

  // Which choice leads to which: null of the first level's. What does not come to as many levels as there are rows says
  // something else, and is not relied on.
  void read_levels() {
    const LooseJson leads = value_["AnswerMap"];
    if (!leads.is_object()) {
      question_.knows_levels = question_.rows.size() == 1;
      return;
    }
    for (Choice& choice : question_.choices) choice.under = leads[choice.id].text();
    std::size_t deepest = 0;
    for (const Choice& choice : question_.choices) {
      const bool is_led_to = choice.under.empty() || question_.choice(choice.under);
      deepest = std::max(deepest, is_led_to ? question_.way_to(choice).size() : question_.rows.size() + 1);
    }
    question_.knows_levels = deepest == question_.rows.size();
    if (question_.knows_levels) return;
    for (Choice& choice : question_.choices) choice.under.clear();
  }

  // In the order that the question gives, then what that order forgets.
  Choices read_list(const LooseJson& list, const LooseJson& order, std::string_view what) {
    Choices read;
    if (!faults_.holds_items(list, fmt::format("the {} of {}", what, question_.id))) return read;
    // A list counts from 1, as choices do, unless their order speaks of a 0; the scale of an NPS question starts there.
    const bool counts_from_one = list.is_array() && question_.kind != QuestionKind::nps && !has_zero(order);
    for (const auto& [key, item] : list.items()) {
      if (!item.is_there()) continue;
      read.push_back(read_choice(counts_from_one ? std::to_string(read.size() + 1) : key, item));
    }
    return in_order(std::move(read), order);
  }

  static bool has_zero(const LooseJson& order) {
    const auto items = order.items();
    return std::any_of(items.begin(), items.end(), [](const auto& item) { return item.second.text() == "0"; });
  }

  Choice read_choice(std::string id, const LooseJson& item) {
    Choice choice{.id = std::move(id)};
    if (!item.is_object()) {
      choice.label = strip_html(item.text());
      if (item.is_array()) faults_.note(item.at(), fmt::format("a choice of {} is an object", question_.id));
    } else {
      choice.label = strip_html(item.member({"Display", "choiceText", "description"}).text());
      choice.takes_text = item.member({"TextEntry", "textEntry"}).is_yes() || item["textEntry"].is_object();
      choice.recode = item["recode"].text();
      choice.variable_name = item["variableName"].text();
    }
    if (choice.recode.empty()) choice.recode = choice.id;
    return choice;
  }

  // Choices that the order forgets come last.
  static Choices in_order(Choices choices, const LooseJson& order) {
    std::unordered_map<std::string, std::size_t> rank;
    for (const auto& [index, id] : order.items()) rank.emplace(id.text(), rank.size());
    auto rank_of = [&](const Choice& choice) {
      auto at = rank.find(choice.id);
      return at == rank.end() ? rank.size() : at->second;
    };
    std::stable_sort(choices.begin(), choices.end(),
                     [&](const Choice& a, const Choice& b) { return rank_of(a) < rank_of(b); });
    return choices;
  }

  void add_recodes(Choices& choices) {
    const LooseJson recodes = value_["RecodeValues"];
    if (!faults_.holds_items(recodes, fmt::format("the recodes of {}", question_.id))) return;
    const auto texts = texts_of(recodes, choices, "recodes");
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (!texts[i].empty()) choices[i].recode = texts[i];
    }
  }

  // What `by_choice` has for each of the choices: under their ids, or, where it is a list, in the order of these.
  std::vector<std::string> texts_of(const LooseJson& by_choice, const Choices& choices, std::string_view what) {
    std::vector<std::string> texts(choices.size());
    if (!by_choice.is_array()) {
      for (std::size_t i = 0; i < choices.size(); ++i) texts[i] = by_choice[choices[i].id].text();
      return texts;
    }
    const auto items = by_choice.items();
    if (items.empty()) return texts;  // an empty object, as the platform writes it
    if (items.size() != choices.size()) {
      faults_.note(by_choice.at(),
                   fmt::format("the {} of {} are a list of {}, its choices are {}: which belongs to which is not said",
                               what, question_.id, items.size(), choices.size()),
                   base::Severity::warning);
      return texts;
    }
    std::vector<std::size_t> by_id(choices.size());
    std::iota(by_id.begin(), by_id.end(), std::size_t{0});
    std::sort(by_id.begin(), by_id.end(), [&](std::size_t a, std::size_t b) {
      const std::string &one = choices[a].id, &other = choices[b].id;
      return one.size() != other.size() ? one.size() < other.size() : one < other;
    });
    for (std::size_t i = 0; i < by_id.size(); ++i) texts[by_id[i]] = items[i].second.text();
    return texts;
  }

  void add_names(Choices& choices) {
    const auto names = texts_of(value_["VariableNaming"], choices, "variable names");
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (!names[i].empty()) choices[i].variable_name = names[i];
    }
  }

  void add_tags(Choices& choices) {
    const LooseJson tags = value_["ChoiceDataExportTags"];  // false, or an object
    for (Choice& choice : choices) choice.export_tag = tags[choice.id].text();
  }

  // Its choices may be an empty list; the scale is always the same.
  void complete_scale() {
    if (!question_.choices.empty()) return;
    for (int point = 0; point <= 10; ++point) {
      std::string number = std::to_string(point);
      question_.choices.push_back({.id = number, .label = number, .recode = number});
    }
  }

  void read_groups() {
    if (question_.kind != QuestionKind::pick_group_rank) return;
    for (const auto& [key, group] : value_.member({"Groups", "groups"}).items()) {
      question_.groups.push_back(
          strip_html(group.is_object() ? group.member({"Display", "description"}).text() : group.text()));
    }
  }

  void read_columns() {
    if (question_.kind != QuestionKind::side_by_side) return;
    const LooseJson columns = value_.member({"AdditionalQuestions", "columns"});
    if (!faults_.holds_items(columns, fmt::format("the columns of {}", question_.id))) return;
    std::size_t count = 0;
    for (const auto& [key, column] : columns.items()) {
      ++count;
      const std::string number = columns.is_array() ? std::to_string(count) : key;
      Question read = read_question(column, question_.id + "#" + number, faults_);
      if (read.rows.empty()) read.rows = question_.rows;
      question_.columns.push_back(std::move(read));
    }
  }

  // "q://QID2/ChoiceGroup/SelectedChoices" -> "QID2"
  static std::string question_in(std::string_view locator) {
    constexpr std::string_view scheme = "q://";
    if (!locator.starts_with(scheme)) return "";
    locator.remove_prefix(scheme.size());
    return std::string(locator.substr(0, locator.find('/')));
  }

  const LooseJson& value_;
  SurveyFaults& faults_;
  Question question_;
};

}  // namespace

Question read_question(const LooseJson& value, std::string id, SurveyFaults& faults) {
  return QuestionReader(value, std::move(id), faults).read();
}

}  // namespace connectors::survey
