#include "connectors/survey/survey_document.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "connectors/survey/loose_json.hpp"
#include "connectors/survey/question_reader.hpp"

namespace connectors::survey {

namespace {

constexpr std::size_t flow_depth_max = 64;

// Puts a Survey together from the parts that each shape has somewhere.
class SurveyAssembly {
 public:
  explicit SurveyAssembly(SurveyFaults& faults) : faults_(faults) {}

  Survey& survey() { return survey_; }

  void take_question(const LooseJson& value, std::string id) {
    if (id.empty()) return faults_.note(value.at(), "a question has no id");
    if (survey_.question(id)) return faults_.note(value.at(), fmt::format("{} is there twice", id));
    survey_.questions.push_back(read_question(value, std::move(id), faults_));
  }

  void take_questions(const LooseJson& questions) {
    if (!faults_.holds_items(questions, "the questions")) return;
    for (const auto& [key, value] : questions.items()) {
      take_question(value, questions.is_array() ? value.member({"QuestionID", "id"}).text() : key);
    }
  }

  void take_blocks(const LooseJson& blocks) {
    if (!faults_.holds_items(blocks, "the blocks")) return;
    for (const auto& [key, value] : blocks.items()) {
      if (value.is_there())
        take_block(value, blocks.is_array() ? value["ID"].text() : value["ID"].is_there() ? value["ID"].text() : key);
    }
  }

  void take_flow(const LooseJson& flow, std::size_t depth = 0) {
    if (depth > flow_depth_max) return;
    for (const auto& [key, element] : flow.items()) {
      if (element.member({"Type", "type"}).text() == "EmbeddedData") take_fields(element["EmbeddedData"]);
      if (std::string block = element.member({"ID", "id"}).text(); !block.empty())
        flow_.emplace(std::move(block), flow_.size());
      take_flow(element.member({"Flow", "flow"}), depth + 1);
    }
  }

  void take_fields(const LooseJson& fields) {
    for (const auto& [key, field] : fields.items()) {
      EmbeddedField read{.name = field.member({"Field", "name"}).text(),
                         .type = field["VariableType"].text(),
                         .value = field.member({"Value", "defaultValue"}).text(),
                         .from_recipient = field["Type"].text() == "Recipient"};
      if (read.name.empty()) {
        faults_.note(field.at(), "an embedded data field has no name");
      } else if (!survey_.field(read.name)) {
        survey_.fields.push_back(std::move(read));
      }
    }
  }

  void take_scoring(const LooseJson& scoring) {
    for (const auto& [key, category] : scoring["ScoringCategories"].items()) {
      if (std::string id = category["ID"].text(); !id.empty()) {
        survey_.scoring.push_back({std::move(id), category["Name"].text()});
      }
    }
  }

  Survey finish(const std::string& at) {
    if (survey_.questions.empty()) faults_.note(at, "the survey has no questions");
    order_blocks();
    place_questions();
    for (Question& question : survey_.questions) carry_forward(question);
    return std::move(survey_);
  }

 private:
  void take_block(const LooseJson& value, std::string id) {
    Block block{.id = std::move(id), .name = value.member({"Description", "description"}).text()};
    const bool is_trash = value["Type"].text() == "Trash";
    for (const auto& [key, element] : value.member({"BlockElements", "elements"}).items()) {
      std::string question = element.member({"QuestionID", "questionId"}).text();
      if (question.empty()) continue;  // a page break
      if (is_trash) trash_.insert(question);
      block.questions.push_back(std::move(question));
    }
    const LooseJson options = value["Options"];
    const std::string looping = options["Looping"].text();
    block.loops = !looping.empty() && looping != "None" && looping != "false";
    block.loop_question = options["LoopingOptions"]["QID"].text();
    for (const auto& [number, pass] : options["LoopingOptions"]["Static"].items()) {
      LoopPass read{.number = number};
      for (const auto& [field, text] : pass.items()) read.fields[field] = text.text();
      block.passes.push_back(std::move(read));
    }
    survey_.blocks.push_back(std::move(block));
  }

  // As the flow shows them; the keys of an object have no order. Blocks that the flow leaves out come last.
  void order_blocks() {
    auto rank_of = [&](const Block& block) {
      auto at = flow_.find(block.id);
      return at == flow_.end() ? flow_.size() : at->second;
    };
    std::stable_sort(survey_.blocks.begin(), survey_.blocks.end(),
                     [&](const Block& a, const Block& b) { return rank_of(a) < rank_of(b); });
  }

  // In the order of the blocks; questions that no block holds come last.
  void place_questions() {
    std::unordered_map<std::string_view, std::pair<std::size_t, const Block*>> places;
    for (const Block& block : survey_.blocks) {
      for (const std::string& id : block.questions) places.emplace(id, std::pair(places.size(), &block));
    }
    auto rank_of = [&](const Question& question) {
      auto at = places.find(question.id);
      return at == places.end() ? places.size() : at->second.first;
    };
    std::stable_sort(survey_.questions.begin(), survey_.questions.end(),
                     [&](const Question& a, const Question& b) { return rank_of(a) < rank_of(b); });
    for (Question& question : survey_.questions) {
      auto at = places.find(question.id);
      if (at == places.end()) continue;
      question.block = at->second.second->id;
      question.is_asked = !trash_.contains(question.id);
    }
  }

  // Choices carried forward are the other question's, numbered x1, x2…, behind the question's own. The other one may
  // have been given its own by a third; a ring of them ends after as many steps as there are questions.
  void carry_forward(Question& question, std::size_t steps = 0) {
    if (question.carries_from.empty() || steps > survey_.questions.size()) return;
    auto at = std::find_if(survey_.questions.begin(), survey_.questions.end(),
                           [&](const Question& one) { return one.id == question.carries_from; });
    if (at == survey_.questions.end() || &*at == &question) return;
    carry_forward(*at, steps + 1);
    const bool into_choices = question.kind == QuestionKind::single_choice ||
                              question.kind == QuestionKind::multiple_choice || question.kind == QuestionKind::nps;
    const Choices& source = at->rows.empty() ? at->choices : at->rows;
    Choices& target = into_choices ? question.choices : question.rows;
    for (const Choice& choice : Choices(source)) {
      const std::string id = "x" + choice.id;
      if (std::any_of(target.begin(), target.end(), [&](const Choice& one) { return one.id == id; })) continue;
      target.push_back({.id = id, .label = choice.label, .recode = id, .takes_text = choice.takes_text});
    }
  }

  SurveyFaults& faults_;
  Survey survey_;
  std::set<std::string> trash_;
  std::map<std::string, std::size_t> flow_;  // the places of blocks
};

// `GET /survey-definitions/{id}`
void read_definition_shape(const LooseJson& root, SurveyAssembly& assembly) {
  Survey& survey = assembly.survey();
  survey.id = root["SurveyID"].text();
  survey.name = root["SurveyName"].text();
  survey.brand = root["BrandID"].text();
  survey.status = root["SurveyStatus"].text();
  assembly.take_questions(root["Questions"]);
  assembly.take_blocks(root["Blocks"]);
  assembly.take_flow(root["SurveyFlow"]["Flow"]);
  assembly.take_scoring(root["Scoring"]);
}

// `GET /surveys/{id}`, the older view
void read_view_shape(const LooseJson& root, SurveyAssembly& assembly) {
  Survey& survey = assembly.survey();
  survey.id = root["id"].text();
  survey.name = root["name"].text();
  survey.brand = root["brandId"].text();
  survey.status = root["isActive"].text().empty() ? "" : root["isActive"].is_yes() ? "Active" : "Inactive";
  assembly.take_questions(root["questions"]);
  assembly.take_blocks(root["blocks"]);
  assembly.take_fields(root["embeddedData"]);
  assembly.take_flow(root["flow"]);
}

// A .qsf file
void read_qsf_shape(const LooseJson& root, SurveyAssembly& assembly) {
  Survey& survey = assembly.survey();
  const LooseJson entry = root["SurveyEntry"];
  survey.id = entry["SurveyID"].text();
  survey.name = entry["SurveyName"].text();
  survey.brand = entry["SurveyBrandID"].text();
  survey.status = entry["SurveyStatus"].text();
  for (const auto& [key, element] : root["SurveyElements"].items()) {
    const std::string code = element["Element"].text();
    const LooseJson payload = element["Payload"];
    if (code == "SQ") {
      std::string id = element["PrimaryAttribute"].text();
      assembly.take_question(payload, id.empty() ? payload["QuestionID"].text() : std::move(id));
    } else if (code == "BL") {
      assembly.take_blocks(payload);
    } else if (code == "FL") {
      assembly.take_flow(payload["Flow"]);
    } else if (code == "SCO") {
      assembly.take_scoring(payload);
    }
  }
}

}  // namespace

SurveyReading read_survey(const base::JsonDocument& document) {
  if (!document.readable()) return {std::nullopt, document.findings()};
  SurveyFaults faults;
  SurveyAssembly assembly(faults);
  LooseJson root(&document.root(), "");
  if (root["result"].is_object()) root = root["result"];  // the API's envelope

  std::optional<Survey> survey;
  if (root["SurveyElements"].is_there()) {
    if (faults.holds_items(root["SurveyElements"], "the survey's elements")) read_qsf_shape(root, assembly);
    survey = assembly.finish("/SurveyElements");
  } else if (root["Questions"].is_there() || root["SurveyFlow"].is_there()) {
    read_definition_shape(root, assembly);
    survey = assembly.finish(root.at());
  } else if (root["questions"].is_there()) {
    read_view_shape(root, assembly);
    survey = assembly.finish(root.at());
  } else {
    faults.note("",
                "this is no survey's definition: neither a .qsf file (SurveyElements), nor what the platform's API "
                "answers (Questions or questions)");
  }

  base::Findings findings = faults.take();
  findings.insert(findings.begin(), document.findings().begin(), document.findings().end());
  document.locate(findings);
  if (base::has_errors(findings)) survey.reset();
  return {std::move(survey), std::move(findings)};
}

SurveyReading read_survey_file(const std::string& path) {
  // The definitions of long surveys outgrow what a person writes.
  const base::JsonLimits limits{.depth = 128, .bytes = 64u << 20, .string_bytes = 4u << 20};
  return read_survey(base::JsonDocument::read_file(path, limits));
}

}  // namespace connectors::survey
