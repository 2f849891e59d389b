#include "connectors/survey/pipe_offers.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "connectors/survey/loop_list.hpp"

namespace connectors::survey {

namespace {

class OffersOfQuestion {
 public:
  OffersOfQuestion(const Question& question, const Survey& survey) : question_(question) {
    const std::string whole = question.id.substr(0, question.id.find('#'));
    const Question* placed = survey.question(whole);
    const Block* block = placed ? survey.block(placed->block) : nullptr;
    if (!block || !block->loops) {
      names_ = {question.id};
      return;
    }
    for (const std::string& pass : pass_numbers(*block, survey)) names_.push_back(pass + "_" + question.id);
    if (names_.empty()) names_ = {"1_" + question.id};
  }

  std::vector<PipeOffer> list() {
    for (std::string& name : names_) {
      name_ = std::move(name);
      of_this_name();
    }
    return std::move(offers_);
  }

 private:
  void of_this_name() {
    using enum QuestionKind;
    switch (question_.kind) {
      case single_choice: of_choice(type_of_recodes()); break;
      case multiple_choice:
        of_choice("list");
        offer("SelectedChoicesCount", "number", "how many were chosen");
        break;
      case nps:
        offer("SelectedChoicesRecode", "number", "0 to 10");
        offer("NetPromoterScore/Group", "text", "Detractor, Passive or Promoter");
        offer("NetPromoterScore/GroupRecode", "number", "the group as 1, 2 or 3");
        break;
      case text: offer("ChoiceTextEntryValue", "text", "what was typed"); break;
      case form: of_rows("ChoiceTextEntryValue", "text", "what was typed"); break;
      case matrix_single: of_matrix(type_of_recodes(), "text"); break;
      case matrix_multiple: of_matrix("list", "list"); break;
      case matrix_text: of_columns(); break;
      case slider:
      case constant_sum: of_rows("ChoiceNumericEntryValue", "number", "the number given"); break;
      case rank_order: of_rows("ChoiceNumericEntryValue/Rank", "number", "its rank"); break;
      case drill_down: of_matrix(type_of_recodes(), "text"); break;
      case pick_group_rank: of_groups(); break;
      case file_upload:
        offer("FileUpload/Link", "text", "where the file is");
        offer("FileUpload/Name", "text", "its name");
        offer("FileUpload/Type", "text", "its media type");
        offer("FileUpload/Size", "number", "its bytes");
        break;
      case timing:
        offer("Timing/FirstClick", "number", "seconds");
        offer("Timing/LastClick", "number", "seconds");
        offer("Timing/PageSubmit", "number", "seconds");
        offer("Timing/ClickCount", "number", "clicks");
        break;
      case meta:
        offer("Meta/Browser", "text", "the browser");
        offer("Meta/Version", "text", "its version");
        offer("Meta/OperatingSystem", "text", "the operating system");
        offer("Meta/Resolution", "text", "the screen's resolution");
        break;
      case side_by_side:
      case descriptive:
      case other: break;
    }
    of_typed_texts();
    if (has_list_of_rows()) offer("Rows", "list", "the answered rows, to do a task for each");
  }

  // A choice that was carried forward goes by x1, x2…, which are no numbers.
  std::string_view type_of_recodes() const {
    const auto is_number = [](const Choice& choice) {
      std::string_view digits = choice.recode;
      if (digits.starts_with('-')) digits.remove_prefix(1);
      return !digits.empty() && digits.find_first_not_of("0123456789.") == std::string_view::npos;
    };
    return std::all_of(question_.choices.begin(), question_.choices.end(), is_number) ? "number" : "text";
  }

  bool has_list_of_rows() const {
    switch (question_.kind) {
      case QuestionKind::matrix_single:
      case QuestionKind::matrix_multiple:
      case QuestionKind::matrix_text:
      case QuestionKind::form:
      case QuestionKind::slider:
      case QuestionKind::constant_sum:
      case QuestionKind::rank_order:
      case QuestionKind::drill_down: return !question_.rows.empty();
      default: return false;
    }
  }

  void offer(std::string_view form, std::string_view type, std::string what) {
    offers_.push_back({fmt::format("q://{}/{}", name_, form), type, std::move(what)});
  }

  static std::string about(std::string_view what, std::string_view label) {
    return label.empty() ? std::string(what) : fmt::format("{} · {}", what, label);
  }

  void of_choice(std::string_view recode_type) {
    const std::string_view label_type = recode_type == "list" ? "list" : "text";
    offer("SelectedChoicesRecode", recode_type, "recode");
    offer("ChoiceGroup/SelectedChoices", label_type, "wording");
    bool takes_text = false, has_names = false;
    for (const Choice& choice : question_.choices) {
      takes_text = takes_text || choice.takes_text;
      has_names = has_names || !choice.variable_name.empty();
    }
    if (takes_text) offer("ChoiceGroup/SelectedChoicesTextEntry", label_type, "wording, or what was typed instead");
    if (has_names) offer("SelectedChoicesVariableName", label_type, "variable name");
  }

  void of_rows(std::string_view form, std::string_view type, std::string_view what) {
    for (const Choice& row : question_.rows) offer(fmt::format("{}/{}", form, row.id), type, about(what, row.label));
  }

  void of_matrix(std::string_view recode_type, std::string_view label_type) {
    for (const Choice& row : question_.rows) {
      offer("SelectedChoicesRecode/" + row.id, recode_type, about("recode", row.label));
      offer("ChoiceGroup/SelectedAnswers/" + row.id, label_type, about("wording", row.label));
    }
    offer("SelectedChoicesRecode", "list", "recodes of all rows");
    offer("ChoiceGroup/SelectedChoices", "list", "wordings of all rows");
  }

  void of_columns() {
    for (const Choice& row : question_.rows) {
      for (const Choice& column : question_.choices) {
        offer(fmt::format("ChoiceTextEntryValue/{}/{}", row.id, column.id), "text",
              about(about("what was typed", row.label), column.label));
      }
    }
    if (question_.choices.empty()) of_rows("ChoiceTextEntryValue", "text", "what was typed");
  }

  void of_groups() {
    for (std::size_t group = 0; group < question_.groups.size(); ++group) {
      const std::string& name = question_.groups[group];
      offer(fmt::format("ChoiceGroup/SelectedChoices/{}", group), "list", about("what is in it", name));
      offer(fmt::format("SelectedChoicesCount/{}", group), "number", about("how many are in it", name));
      for (const Choice& item : question_.rows) {
        offer(fmt::format("ChoiceNumericEntryValue/Rank/{}/{}", group, item.id), "number",
              about(about("rank", name), item.label));
      }
    }
  }

  // Under "Other" and the like. A form's own fields are texts anyway.
  void of_typed_texts() {
    if (question_.kind == QuestionKind::form || question_.kind == QuestionKind::matrix_text) return;
    for (const Choices* list : {&question_.choices, &question_.rows}) {
      for (const Choice& choice : *list) {
        if (!choice.takes_text) continue;
        offer("ChoiceTextEntryValue/" + choice.id, "text", about("what was typed", choice.label));
      }
    }
  }

  const Question& question_;
  std::vector<std::string> names_;  // of each pass, or the one
  std::string name_;
  std::vector<PipeOffer> offers_;
};

}  // namespace

std::vector<PipeOffer> offers_of(const Question& question, const Survey& survey) {
  std::vector<PipeOffer> offers = OffersOfQuestion(question, survey).list();
  for (const Question& column : question.columns) {
    std::vector<PipeOffer> more = offers_of(column, survey);
    for (PipeOffer& offer : more) {
      if (!column.text.empty()) offer.what += " · " + column.text;
    }
    std::move(more.begin(), more.end(), std::back_inserter(offers));
  }
  return offers;
}

std::vector<PipeOffer> offers_of_loops(const Survey& survey) {
  std::vector<PipeOffer> offers;
  for (const Block& block : survey.blocks) {
    if (!block.loops) continue;
    for (const std::string& id : block.questions) {
      const Question* question = survey.question(id);
      if (!question || !question->is_asked || question->kind == QuestionKind::descriptive) continue;
      offers.push_back({"lm://Loops/" + id, "list",
                        fmt::format("the answered loops of {}, to do a task for each",
                                    block.name.empty() ? block.id : "'" + block.name + "'")});
      break;
    }
    for (const LoopPass& pass : block.passes) {
      for (const auto& [field, text] : pass.fields) {
        offers.push_back({fmt::format("lm://Field/{}?loop={}", field, pass.number), "text",
                          fmt::format("field {} of pass {} · {}", field, pass.number, text)});
      }
    }
  }
  if (!offers.empty()) offers.push_back({"lm://TotalLoops", "number", "how many passes the response has"});
  return offers;
}

std::vector<PipeOffer> offers_of_scores(const Survey& survey) {
  std::vector<PipeOffer> offers;
  for (const ScoringCategory& category : survey.scoring) {
    const auto offer = [&](std::string_view form, std::string_view what) {
      offers.push_back({fmt::format("gr://{}/{}", category.id, form), "number",
                        category.name.empty() ? std::string(what) : fmt::format("{} · {}", what, category.name)});
    };
    offer("Score", "the score");
    offer("WeightedMean", "its weighted mean");
    offer("WeightedStdDev", "its weighted standard deviation");
  }
  return offers;
}

std::vector<PipeOffer> offers_of_fields(const Survey& survey) {
  std::vector<PipeOffer> offers;
  for (const EmbeddedField& field : survey.fields) {
    offers.push_back({"e://Field/" + field.name, "text", "embedded data"});
  }
  return offers;
}

}  // namespace connectors::survey
