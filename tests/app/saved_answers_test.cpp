// What is left in a mapping test of what tasks have answered: records of its own, and nothing that the org holds of
// people.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/org_contrast.hpp"
#include "app/saved_answers.hpp"

using app::SavedAnswers;
using app::TaskAnswer;
using nlohmann::json;

namespace {

const app::DescribeOf local = [](const std::string&, const std::string& object) {
  return app::local_describe_of(object);
};

constexpr const char* ana = "0035g00000XyZabAAF";
constexpr const char* ana_in_fifteen = "0035g00000XyZab";
constexpr const char* her_account = "0015g00000XyZcdAAF";
constexpr const char* her_case = "5005g00000XyZefAAF";

TaskAnswer found_contact() {
  return {"contact",
          "crm",
          "Contact",
          {json{{"found", 1},
                {"Id", ana},
                {"LastName", "Reyes"},
                {"Email", "reyes@example.org"},
                {"Birthdate", "1984-02-29"},
                {"Description", "2026-05-01 Ana called, she is cross"},
                {"Phone", "+1 415 555 2671"},
                {"AccountId", her_account},
                {"Account", {{"Id", her_account}, {"Name", "Reyes and Daughters"}, {"AnnualRevenue", 1234567}}}}
               .dump()}};
}

TaskAnswer found_cases() {
  const json one{{"Id", her_case},          {"ContactId", ana_in_fifteen},
                 {"Status", "Working"},     {"Origin", "her neighbour"},
                 {"SuppliedName", "Reyes"}, {"Subject", "Ana is cross"}};
  return {"cases", "crm", "Case", {json{{"found", 1}, {"records", {one}}}.dump()}};
}

TaskAnswer raised_cases() {
  return {"raise", "crm", "Case", {json{{"count", 1}, {"left_out", 0}, {"ids", {her_case}}}.dump()}};
}

std::vector<TaskAnswer> all_answers() { return {found_contact(), found_cases(), raised_cases()}; }

SavedAnswers redacted(const std::set<std::string>& kept = {}) {
  app::StandIns stand_ins;
  return app::redacted_answers(all_answers(), local, kept, stand_ins);
}

json outputs_of(const SavedAnswers& saved) { return json::parse(saved.outputs.text); }

}  // namespace

TEST_CASE("nothing of what an org holds of people stays in an answer, however deep it stands") {
  const std::string text = redacted().outputs.text + redacted().org.text;
  INFO(text);
  for (const char* told : {"Reyes", "reyes", "1984", "called", "cross", "415", "2671", "1234567", "neighbour",
                           "0035g00000XyZab", "0015g00000XyZcd", "5005g00000XyZef"}) {
    INFO(told);
    CHECK(text.find(told) == std::string::npos);
  }
}

TEST_CASE("choices that the org offers to everybody, and counts, stay in an answer") {
  const json outputs = outputs_of(redacted());
  CHECK(outputs.at("cases").at("records").at(0).at("Status") == "Working");
  CHECK(outputs.at("contact").at("found") == 1);
  CHECK(outputs.at("raise").at("count") == 1);
  CHECK(outputs.at("raise").at("left_out") == 0);
}

TEST_CASE("an id becomes that of a record of the test's own, the same one wherever the id stands") {
  for (const SavedAnswers& saved : {redacted(), app::answers_with_own_records(all_answers(), local)}) {
    const json outputs = outputs_of(saved);
    INFO(saved.outputs.text << saved.org.text);
    const json& one_case = outputs.at("cases").at("records").at(0);
    CHECK(outputs.at("contact").at("Id") == "${org://crm/Contact/0/Id}");
    CHECK(one_case.at("ContactId") == "${org://crm/Contact/0/Id}");
    CHECK(outputs.at("contact").at("AccountId") == "${org://crm/Account/0/Id}");
    CHECK(outputs.at("contact").at("Account").at("Id") == "${org://crm/Account/0/Id}");
    CHECK(one_case.at("Id") == "${org://crm/Case/0/Id}");
    CHECK(outputs.at("raise").at("ids") == json{"${org://crm/Case/0/Id}"});
    const json org = json::parse(saved.org.text).at("crm");
    for (const char* object : {"Contact", "Account", "Case"}) CHECK(org.at(object).size() == 1);
  }
}

TEST_CASE("a text has the same stand-in in every answer and in the response") {
  app::StandIns stand_ins;
  stand_ins.set("Reyes", "Last1");
  const SavedAnswers saved = app::redacted_answers(all_answers(), local, {}, stand_ins);
  const json outputs = outputs_of(saved);
  CHECK(outputs.at("contact").at("LastName") == "Last1");
  CHECK(outputs.at("cases").at("records").at(0).at("SuppliedName") == "Last1");
  CHECK(stand_ins.of("reyes@example.org") == outputs.at("contact").at("Email"));
}

TEST_CASE("what has to stay of an answer stays, but never an id") {
  const SavedAnswers saved = redacted({"cases/records/Subject", "cases/records/Id", "contact/Account/Name"});
  const json outputs = outputs_of(saved);
  CHECK(outputs.at("cases").at("records").at(0).at("Subject") == "Ana is cross");
  CHECK(outputs.at("contact").at("Account").at("Name") == "Reyes and Daughters");
  CHECK(saved.outputs.text.find(her_case) == std::string::npos);
  CHECK(std::find(saved.keys.begin(), saved.keys.end(), "contact/Email") != saved.keys.end());
  CHECK(std::find(saved.keys.begin(), saved.keys.end(), "cases/records/Subject") == saved.keys.end());
}

TEST_CASE("ids of an object that nobody knows become nobody's, of the same kind") {
  app::StandIns stand_ins;
  const TaskAnswer answer{"visit", "crm", "Visit__c", {json{{"found", 1}, {"Id", "a0B5g00000XyZabEAF"}}.dump()}};
  const SavedAnswers saved = app::redacted_answers({answer}, local, {}, stand_ins);
  CHECK(outputs_of(saved).at("visit").at("Id") == "a0B000000000001");
  CHECK(json::parse(saved.org.text).empty());
}
