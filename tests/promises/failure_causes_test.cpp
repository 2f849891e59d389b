// The same error, told once: in the list of causes, as a notice, and at the webhook.
#include <map>
#include <set>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/notice_taker.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/mail_taker.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

using Catch::Contains;
using nlohmann::json;
using promises::NoticeTaker;
using promises::SurveyResponse;
using promises::World;
using test::Ended;
using test::run_program;

namespace {

const char* const keep_the_answer = R"({"name": "Answers", "trigger": {"type": "survey_response"}, "tasks": {"answer": {
  "type": "salesforce_upsert", "account": "crm",
  "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${rm://Field/ResponseID}"},
           "fields": {"Score__c": "${q://QID1/SelectedChoicesRecode}",
                      "Survey__c": "${q://QID3/ChoiceTextEntryValue}"}}}}})";

const std::string first_rule = "Call customers on 555-0100 before you close: 'no news' is no answer.";
const std::string second_rule = "A score needs a survey.";

// The org's administrator has made a rule that refuses responses whose id holds the word.
void make_rule(const promises::OrgProgram& org, const std::string& word, const std::string& message,
               const std::string& field) {
  const json errors{{{"message", message}, {"errorCode", "FIELD_CUSTOM_VALIDATION_EXCEPTION"}, {"fields", {field}}}};
  const json fault{{"next", 1000},  {"method", "PATCH"},     {"path_contains", word},
                   {"status", 400}, {"body", errors.dump()}, {"content_type", "application/json;charset=UTF-8"}};
  org.add_fault(fault.dump());
}

// Quoted-printable breaks long lines with a "=" at their end.
std::string unfolded(std::string text) {
  for (std::size_t at; (at = text.find("=\r\n")) != std::string::npos;) text.erase(at, 3);
  return text;
}

struct Delivered {
  std::string first_refused;  // run id
  std::string long_text;
};

// 40 responses: 12 against the first rule, 9 against the second, 7 with an answer that is too long, 12 that fit.
Delivered deliver_forty(const World& world) {
  Delivered delivered;
  std::vector<std::string> runs;
  for (int i = 0; i < 40; ++i) {
    const bool is_long = i >= 21 && i < 28;
    const std::string kind = i < 12 ? "phone" : i < 21 ? "score" : is_long ? "long" : "fit";
    SurveyResponse response{.id = fmt::format("R_{}_{}", kind, i), .score = i % 11};
    response.comment = is_long ? fmt::format("private words {} ", i) + std::string(300, static_cast<char>('a' + i % 7))
                               : fmt::format("survey {}", i);
    runs.push_back(world.server.accepted_run(response.json()));
  }
  for (int i = 0; i < 40; ++i)
    world.server.run_when(runs[static_cast<std::size_t>(i)], i < 28 ? "failed" : "succeeded");
  delivered.first_refused = runs[0];
  delivered.long_text = "private words";
  return delivered;
}

std::string printed(const World& world, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--server", world.server.url(), "--token", world.server.token()});
  const Ended ended = run_program(arguments);
  INFO(ended.complaint);
  REQUIRE(ended.code == 0);
  return ended.output;
}

json failing_notices(const World& world) {
  json found = json::array();
  const json all = world.server.ask("GET", "/notices");
  for (const json& notice : all.at("notices"))
    if (notice.at("kind") == "runs_failing") found.push_back(notice);
  return found;
}

}  // namespace

TEST_CASE(
    "complaint 12: one validation rule that refuses many responses is one cause and one notice, in the org's own "
    "words") {
  NoticeTaker taker;
  const support::MailTaker mails;
  World world(keep_the_answer,
              {"--notice-webhook", taker.url(), "--notice-mail", "ops@example.com", "--smtp", mails.url()});
  make_rule(world.org, "R_phone_", first_rule, "Survey__c");
  make_rule(world.org, "R_score_", second_rule, "Score__c");
  REQUIRE(world.server.start());
  const Delivered delivered = deliver_forty(world);

  const json causes = world.server.ask("GET", "/runs/causes?state=failed").at("causes");
  REQUIRE(causes.size() == 3);
  CHECK(causes[0].at("runs") == 12);
  CHECK(causes[0].at("task") == "answer");
  CHECK(causes[0].at("org_code") == "FIELD_CUSTOM_VALIDATION_EXCEPTION");
  CHECK(causes[0].at("fields") == json{"Survey__c"});
  CHECK(causes[0].at("message") == first_rule);
  CHECK(causes[1].at("runs") == 9);
  CHECK(causes[1].at("message") == second_rule);
  CHECK(causes[2].at("runs") == 7);
  CHECK(causes[2].at("code") == "mapping_value_too_long");
  CHECK(causes[2].at("fields") == json{"Survey__c"});

  const std::string id = causes[0].at("id");
  const json runs = world.server.ask("GET", "/runs?cause=" + id).at("runs");
  CHECK(runs.size() == 12);

  const json notices = failing_notices(world);
  REQUIRE(notices.size() == 3);
  int of_the_first = 0;
  for (const json& notice : notices) {
    const std::string message = notice.at("message");
    of_the_first += message.find("FIELD_CUSTOM_VALIDATION_EXCEPTION on Survey__c: " + first_rule) != std::string::npos;
    CHECK(notice.at("subject") == causes[0].at("workflow").at("id"));
    CHECK(message.find(delivered.long_text) == std::string::npos);
  }
  CHECK(of_the_first == 1);

  support::eventually(
      "three notices have come", [&] { return taker.taken().size() >= 3; }, [&] { return world.server.log(); });
  std::set<std::string> posted;
  for (const NoticeTaker::Taken& one : taker.taken()) posted.insert(json::parse(one.body).at("message"));
  CHECK(taker.taken().size() == 3);
  for (const json& notice : notices) CHECK(posted.contains(notice.at("message")));
  support::eventually(
      "three mails have come", [&] { return mails.taken().size() >= 3; }, [&] { return world.server.log(); });
  CHECK(mails.taken().size() == 3);
  int mails_of_the_first = 0;
  for (const support::MailTaker::Taken& mail : mails.taken()) {
    const std::string text = unfolded(mail.text);
    CHECK(mail.to == "ops@example.com");
    CHECK(text.find(delivered.long_text) == std::string::npos);
    mails_of_the_first +=
        text.find("FIELD_CUSTOM_VALIDATION_EXCEPTION on Survey__c: " + first_rule) != std::string::npos;
  }
  CHECK(mails_of_the_first == 1);

  const json refused = world.server.run(delivered.first_refused);
  const json& task = promises::task_of(refused, "answer");
  for (const std::string& told :
       {task.dump(), printed(world, {"runs", "show", delivered.first_refused}), printed(world, {"notices"})}) {
    INFO(told);
    CHECK_THAT(told, Contains("FIELD_CUSTOM_VALIDATION_EXCEPTION") && Contains("Survey__c"));
  }
  CHECK(task.at("message").get<std::string>().find(first_rule) != std::string::npos);
  const std::string table = printed(world, {"runs", "causes"});
  CHECK_THAT(table, Contains("12 runs failed") && Contains("FIELD_CUSTOM_VALIDATION_EXCEPTION on Survey__c") &&
                        Contains("Call customers on 555-0100"));
  CHECK(table.find(delivered.long_text) == std::string::npos);
}

TEST_CASE("complaint 12: what was put right in the org leaves no cause once its runs are replayed") {
  World world(keep_the_answer);
  make_rule(world.org, "R_phone_", first_rule, "Survey__c");
  REQUIRE(world.server.start());
  for (const char* id : {"R_phone_1", "R_phone_2"})
    world.server.run_when(world.server.accepted_run(SurveyResponse{.id = id, .comment = "survey"}.json()), "failed");
  const json cause = world.server.ask("GET", "/runs/causes").at("causes").at(0);
  REQUIRE(cause.at("runs") == 2);
  world.org.local("DELETE", "/_local/faults", "");

  const json runs = world.server.ask("GET", "/runs?cause=" + cause.at("id").get<std::string>());
  for (const json& run : runs.at("runs")) {
    const std::string id = run.at("id");
    world.server.ask("POST", "/runs/" + id + "/replay", R"({"version":"original"})");
    world.server.run_when(id, "succeeded");
  }

  CHECK(world.server.ask("GET", "/runs/causes").at("causes").empty());
  CHECK(failing_notices(world).size() == 1);
}

TEST_CASE("complaint 12: one response at the command line is told of a rule with its message, code and field") {
  const test::TemporaryDirectory directory;
  const promises::OrgProgram org(directory.file("org.db"));
  make_rule(org, "R_phone_", first_rule, "Survey__c");
  test::write_file(directory.file("flow.json"), keep_the_answer);
  test::write_file(directory.file("response.json"), SurveyResponse{.id = "R_phone_1", .comment = "survey"}.json());
  test::write_file(directory.file("crm.json"), org.account_document());

  const Ended ended = run_program({"run", directory.file("flow.json"), "--response", directory.file("response.json"),
                                   "--data", directory.file("data"), "--account", "crm=" + directory.file("crm.json")});

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 1);
  CHECK_THAT(ended.output, Contains("FIELD_CUSTOM_VALIDATION_EXCEPTION") && Contains("Survey__c") &&
                               Contains("Call customers on 555-0100"));
}
