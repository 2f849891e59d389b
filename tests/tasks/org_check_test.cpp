// Mappings held against an org's schema. Each case of the tables patches one task of a sound workflow, and others with
// it where it takes two to go wrong; what is to be found stands beside it.
#include "tasks/org_check.hpp"

#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "connectors/survey/survey_shelf.hpp"
#include "local_org/describe_files.hpp"
#include "tasks/catalog.hpp"
#include "tests/support/fixture.hpp"

using connectors::salesforce::OrgSnapshot;
using nlohmann::json;

namespace {

// The local org's own objects, and one that has a field of every type, saved.
const tasks::OrgSchema& the_org() {
  static const tasks::OrgSchema org([] {
    OrgSnapshot snapshot;
    for (const auto& [file, text] : local_org::embedded_files()) {
      const json described = json::parse(text);
      snapshot.objects[described.at("name")] = *connectors::salesforce::kept_description(text);
    }
    json every_type = json::parse(support::fixture("conversions/Every_Type__c.json"));
    every_type["fields"].push_back({{"name", "Loose__c"}, {"type", "string"}, {"length", 80}, {"externalId", true}});
    every_type["fields"].push_back({{"name", "Parent__c"},
                                    {"type", "reference"},
                                    {"relationshipName", "Parent__r"},
                                    {"referenceTo", {"Every_Type__c"}}});
    snapshot.objects["Every_Type__c"] = *connectors::salesforce::kept_description(every_type.dump());
    return snapshot;
  }());
  return org;
}

using connectors::survey::Choices;
using connectors::survey::Question;
using connectors::survey::QuestionKind;

Question a_question(std::string id, QuestionKind kind, Choices choices = {}, Choices rows = {}) {
  Question question;
  question.id = std::move(id);
  question.kind = kind;
  question.choices = std::move(choices);
  question.rows = std::move(rows);
  return question;
}

// A drill-down from countries to towns; each choice says which one leads to it.
Question a_drill_down(std::string id, Choices choices, bool knows_levels = true) {
  Question question = a_question(std::move(id), QuestionKind::drill_down, std::move(choices),
                                 {{.id = "1", .label = "Country"}, {.id = "2", .label = "Town"}});
  for (connectors::survey::Choice& choice : question.choices) choice.recode = choice.id;
  question.knows_levels = knows_levels;
  return question;
}

// The org knows the choice A and does not know Nowhere.
connectors::survey::Survey the_survey() {
  const Choices places{{.id = "1", .label = "A", .recode = "A"}, {.id = "2", .label = "Nowhere", .recode = "9"}};
  const Choices rows{{.id = "1", .label = "Speed"}, {.id = "2", .label = "Price"}};
  connectors::survey::Survey survey;
  survey.questions = {
      a_question("QID7", QuestionKind::single_choice, places),
      a_question("QID8", QuestionKind::nps),
      a_question("QID9", QuestionKind::matrix_single, places, rows),
      a_question("QID10", QuestionKind::text),
      a_question("QID11", QuestionKind::multiple_choice,
                 {{.id = "1", .label = "Mail", .recode = "1"}, {.id = "2", .label = "Phone", .recode = "2"}}),
      a_question("QID12", QuestionKind::rank_order, {}, rows),
      a_question("QID13", QuestionKind::single_choice,
                 {{.id = "1", .label = "1", .recode = "1"}, {.id = "2", .label = "two", .recode = "2"}}),
      a_question("QID14", QuestionKind::single_choice,
                 {{.id = "1", .label = "Yes", .recode = "1"}, {.id = "2", .label = "Maybe", .recode = "2"}}),
      a_question("QID15", QuestionKind::form, {}, {{.id = "1", .label = "Name"}}),
      a_drill_down("QID16", {{.id = "1", .label = "Spain"}, {.id = "2", .label = "Lisbon", .under = "1"}}),
      a_drill_down("QID17", {{.id = "1", .label = "Spain"},
                             {.id = "2", .label = "Japan"},
                             {.id = "3", .label = "Madrid", .under = "1"},
                             {.id = "4", .label = "Kyoto", .under = "2"}}),
      a_question("QID18", QuestionKind::single_choice,
                 {{.id = "1", .label = "Spain", .recode = "1"}, {.id = "2", .label = "Japan", .recode = "2"}}),
      a_question("QID19", QuestionKind::single_choice,
                 {{.id = "1", .label = "Madrid", .recode = "1"}, {.id = "2", .label = "Kyoto", .recode = "2"}}),
      a_drill_down("QID20", {{.id = "1", .label = "Spain"},
                             {.id = "2", .label = "Atlantis"},
                             {.id = "3", .label = "Madrid", .under = "1"},
                             {.id = "4", .label = "Poseidonis", .under = "2"}}),
      a_drill_down("QID21", {{.id = "1", .label = "Spain"}, {.id = "2", .label = "Lisbon"}}, false),
  };
  const Choices fruit{{.id = "1", .label = "Apple", .recode = "1", .variable_name = "A"},
                      {.id = "2", .label = "Pears", .recode = "2", .variable_name = "low"}};
  survey.questions.push_back(a_question("QID22", QuestionKind::pick_group_rank, {}, fruit));
  survey.questions.push_back(a_question("QID23", QuestionKind::multiple_choice, fruit));
  survey.questions.push_back(a_question("QID24", QuestionKind::matrix_single, fruit, rows));
  survey.questions[3].text = "What did you like?";
  return survey;
}

// What the document's own check knows: wordings are looked up in nothing else.
void put_on_shelf(connectors::survey::SurveyShelf& shelf) {
  connectors::survey::Survey survey = the_survey();
  survey.questions.push_back(a_question("QID1", QuestionKind::nps));
  survey.questions.push_back(a_question("QID2", QuestionKind::text));
  shelf.put(std::move(survey));
}

base::Findings findings_of(const json& patch_case) {
  json document = json::parse(support::fixture("org_check/workflow.json"));
  document["tasks"][patch_case.at("task").get<std::string>()]["with"].merge_patch(patch_case.at("with"));
  document["tasks"].merge_patch(patch_case.value("tasks", json::object()));
  const base::JsonDocument read = base::JsonDocument::read(document.dump(2), "workflow.json");
  connectors::survey::SurveyShelf shelf;
  if (patch_case.value("by_wordings", false)) put_on_shelf(shelf);
  const engine::Catalog catalog = tasks::make_catalog({.surveys = &shelf});
  const engine::DefinitionCheck check = engine::check_definition(read, catalog);
  for (const base::Finding& finding : check.findings) UNSCOPED_INFO(base::to_line(finding));
  REQUIRE(check.definition);
  const connectors::survey::Survey survey = the_survey();
  base::Findings findings = tasks::check_against_org(*check.definition, the_org(), "crm", &survey);
  read.locate(findings);
  return findings;
}

std::string finding_lines_of(const base::Findings& findings) {
  std::string lines;
  for (const base::Finding& finding : findings) lines += base::to_line(finding) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("every planted fault of a mapping is found at its place, with what would be right, and nothing else") {
  const json cases = json::parse(support::fixture("org_check/broken_mappings.json"));
  REQUIRE(cases.size() >= 120);
  for (const json& one : cases) {
    const base::Findings findings = findings_of(one);
    INFO(one.at("what").get<std::string>() << "\n" << finding_lines_of(findings));
    CHECK(findings.size() == 1);
    if (findings.size() != 1) continue;
    const base::Finding& found = findings.front();
    CHECK(found.code == one.at("code").get<std::string>());
    CHECK(found.pointer == one.at("pointer").get<std::string>());
    CHECK_THAT(found.message + " · " + found.hint, Catch::Contains(one.at("says").get<std::string>()));
    CHECK((found.severity == base::Severity::error) == (one.at("severity") == "error"));
    CHECK(found.line > 0);
  }
}

TEST_CASE("sound mappings have no finding") {
  const json cases = json::parse(support::fixture("org_check/sound_mappings.json"));
  REQUIRE(cases.size() >= 40);
  for (const json& one : cases) {
    INFO(one.at("what").get<std::string>());
    CHECK(finding_lines_of(findings_of(one)).empty());
  }
}

TEST_CASE("only the tasks of the named account are held against its org") {
  json document = json::parse(support::fixture("org_check/workflow.json"));
  document["tasks"]["case"]["with"]["object"] = "Nothing__c";
  const base::JsonDocument read = base::JsonDocument::read(document.dump(), "workflow.json");
  const engine::Catalog catalog = tasks::make_catalog({});
  const engine::DefinitionCheck check = engine::check_definition(read, catalog);
  REQUIRE(check.definition);
  CHECK(tasks::check_against_org(*check.definition, the_org(), "other", nullptr).empty());
  CHECK(tasks::check_against_org(*check.definition, the_org(), "crm", nullptr).size() == 1);
  CHECK(tasks::check_against_org(*check.definition, the_org(), "", nullptr).size() == 1);
}
