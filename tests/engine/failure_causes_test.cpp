// Causes: runs that fail for the same reason stand under one, which its people are told of once a day.
#include "engine/failure_cause.hpp"

#include <catch2/catch.hpp>

#include "engine/cause_rows.hpp"
#include "engine/errors.hpp"
#include "tests/support/engine_builders.hpp"
#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;

namespace {

using engine::CauseRow;
using engine::Fact;
using engine::FailureCause;
using engine::RunState;
using engine::What;
using support::EngineFixture;

constexpr const char* one_write = R"({"contact":{"type":"fake","account":"crm","with":{"steps":["keyed"]}}})";

Fact a_refusal(const std::string& code, const std::string& message, const std::string& fields = "[]") {
  Fact fact{.what = What::failed, .task = 0};
  fact.code = "salesforce_refused";
  fact.message = code + ": " + message;
  fact.details = R"({"status":400,"errors":[{"errorCode":")" + code + R"(","message":")" + message + R"(","fields":)" +
                 fields + "}]}";
  return fact;
}

// What the fake other side says once, as an org would.
support::Reply an_org_that_says(const std::string& code, const std::string& message, const std::string& fields) {
  const Fact as_fact = a_refusal(code, message, fields);
  support::Reply reply = support::refuses();
  reply.error->message = as_fact.message;
  reply.error->details = as_fact.details;
  return reply;
}

support::Reply phone_rule() {
  return an_org_that_says("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Call us on 555 0100 'first'", R"(["Phone__c"])");
}
support::Reply too_long(const std::string& text) {
  return an_org_that_says("STRING_TOO_LONG", "Comment: data value too large: " + text + " (max length=255)",
                          R"(["Comment__c"])");
}

std::vector<CauseRow> causes(EngineFixture& engine, engine::CauseFilter filter = {}) {
  return engine.wait(engine.process->causes.list(EngineFixture::brand, std::move(filter)));
}

std::vector<engine::NoticeRecord> notices(EngineFixture& engine) {
  return engine.wait(engine.process->notices.list(EngineFixture::brand, "usr_owner", {}));
}

std::string fail(EngineFixture& engine, const std::string& key, support::Reply reply) {
  engine.elsewhere.script["contact"] = {std::move(reply)};
  const std::string run = engine.start(key);
  engine.settle();
  REQUIRE(engine.state(run) == "failed");
  return run;
}

}  // namespace

TEST_CASE("a custom rule's message is quoted as its author wrote it, with the org's code and the field") {
  const Fact fact = a_refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Call us on 555 0100 'first'", R"(["Phone__c"])");

  const FailureCause cause = engine::cause_of(fact, support::a_task("contact"), "").value();

  CHECK(cause == FailureCause{"contact",
                              "salesforce_refused",
                              "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                              {"Phone__c"},
                              "Call us on 555 0100 'first'"});
  CHECK(engine::in_words(cause) == "FIELD_CUSTOM_VALIDATION_EXCEPTION on Phone__c: Call us on 555 0100 'first'");
}

TEST_CASE("of other errors a cause keeps no answer") {
  const Fact fact = a_refusal("STRING_TOO_LONG", "Comment: data value too large: my answer (max length=255)");

  const FailureCause cause = engine::cause_of(fact, support::a_task("contact"), "").value();

  CHECK(cause.message == "Comment: data value too large: … (max length=255)");
}

TEST_CASE("an error of our own names the field that its message begins with") {
  engine::TaskDefinition task = support::a_task("contact");
  task.with.text = R"({"fields":{"Comment__c":"${q://QID1}"}})";
  Fact fact{.what = What::failed, .task = 0, .code = "mapping_value_too_long"};
  fact.message = "Comment__c: 'I really…' is longer than the 255 characters allowed";

  const FailureCause cause = engine::cause_of(fact, task, "").value();

  CHECK(cause.fields == std::vector<std::string>{"Comment__c"});
  CHECK(cause.message == "Comment__c: '…' is longer than the … characters allowed");
}

TEST_CASE("a field is named with its type where that is known, and a word that is no field is none") {
  engine::TaskDefinition task = support::a_task("contact");
  task.with.text = R"({"fields":{"Comment__c":"${q://QID1}"}})";
  Fact fact{.what = What::failed, .task = 0, .code = "mapping_value_too_long"};
  fact.message = "Comment__c (string): 'I really…' is too long";
  CHECK(engine::cause_of(fact, task, "")->fields == std::vector<std::string>{"Comment__c"});
  for (const char* message : {"Comment__c", "Comments__c: no", "somebody (Comment__c: no)", ""}) {
    fact.message = message;
    CHECK(engine::cause_of(fact, task, "")->fields.empty());
  }
}

TEST_CASE("details of another shape are no org's words") {
  Fact fact{.what = What::failed, .task = 0, .code = "http_request_invalid"};
  fact.message = "the host said 17";
  for (const char* details : {"", "17", "[]", R"({"errors":7})", R"({"errors":[7,{}]})", R"({"status":500})"}) {
    fact.details = details;
    const FailureCause cause = engine::cause_of(fact, support::a_task("a"), "").value();
    CHECK(cause.org_code.empty());
    CHECK(cause.message == "the host said …");
  }
}

TEST_CASE("a list whose items have failed has no cause of its own") {
  Fact fact{.what = What::failed, .task = 0, .code = std::string(engine::items_failed.name)};
  CHECK_FALSE(engine::cause_of(fact, support::a_task("a"), ""));
}

TEST_CASE("runs that fail alike are one cause, the most first, and its people are told once a day") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  fail(engine, "R_1", phone_rule());
  fail(engine, "R_2", too_long("an answer"));
  fail(engine, "R_3", phone_rule());
  const std::string last = fail(engine, "R_4", phone_rule());

  const std::vector<CauseRow> listed = causes(engine);

  REQUIRE(listed.size() == 2);
  CHECK(listed[0].runs() == 3);
  CHECK(listed[0].cause.message == "Call us on 555 0100 'first'");
  CHECK(listed[0].example == last);
  CHECK((listed[0].fails && !listed[0].holds));
  CHECK(listed[1].runs() == 1);
  CHECK(listed[1].cause.org_code == "STRING_TOO_LONG");
  REQUIRE(notices(engine).size() == 2);
  CHECK(notices(engine)[1].notice.subject == "wfl_1");
  CHECK(notices(engine)[1].notice.message ==
        "runs of 'wfl_1' fail at task 'contact': FIELD_CUSTOM_VALIDATION_EXCEPTION on Phone__c: Call us on 555 0100 "
        "'first' (`sluice runs causes` counts them)");
  CHECK(notices(engine)[0].notice.message.find("an answer") == std::string::npos);

  engine.pass(24h);
  fail(engine, "R_5", phone_rule());
  CHECK(notices(engine).size() == 3);
}

TEST_CASE("the runs of a cause can be listed") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  const std::string first = fail(engine, "R_1", phone_rule());
  fail(engine, "R_2", too_long("an answer"));
  const std::string second = fail(engine, "R_3", phone_rule());

  const std::vector<engine::RunRow> runs =
      engine.wait(engine.process->history.list(EngineFixture::brand, {.cause = causes(engine)[0].id}));

  REQUIRE(runs.size() == 2);
  CHECK(runs[0].id == second);
  CHECK(runs[1].id == first);
}

TEST_CASE("a run with several causes is listed under each, and names the one that was asked for") {
  EngineFixture engine;
  engine.add_workflow(R"({"first":{"type":"fake","account":"crm","with":{"steps":["keyed"]}},
                          "second":{"type":"fake","account":"crm","with":{"steps":["keyed"]}}})");
  engine.elsewhere.script["first"] = {phone_rule()};
  engine.elsewhere.script["second"] = {too_long("an answer")};
  const std::string run = engine.start("R_1");
  engine.settle();

  for (const CauseRow& cause : causes(engine)) {
    const std::vector<engine::RunRow> runs =
        engine.wait(engine.process->history.list(EngineFixture::brand, {.cause = cause.id}));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].id == run);
    CHECK(runs[0].cause == cause.id);
    CHECK(runs[0].cause_message == cause.cause.message);
  }
  CHECK(causes(engine).size() == 2);
  const std::vector<engine::RunRow> all = engine.wait(engine.process->history.list(EngineFixture::brand, {}));
  CHECK(all.at(0).cause_message ==
        phone_rule().error->message.substr(std::string("FIELD_CUSTOM_VALIDATION_EXCEPTION: ").size()));
}

TEST_CASE("a list of causes comes page by page") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  for (const char* key : {"R_1", "R_2"}) fail(engine, key, phone_rule());
  fail(engine, "R_3", too_long("an answer"));

  const std::vector<CauseRow> first = causes(engine, {.limit = 1});
  REQUIRE(first.size() == 1);
  CHECK(first[0].runs() == 2);
  const auto place = engine::read_cause_place(engine::to_string(first[0].place));
  const std::vector<CauseRow> rest = causes(engine, {.after = place, .limit = 5});
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].cause.org_code == "STRING_TOO_LONG");
  for (const char* broken : {"", "1", "1.2", "1.2.", "1.2.x", "a.2.3", "1.2.3.4"})
    CHECK_FALSE(engine::read_cause_place(broken));
}

TEST_CASE("causes are shown to those who may see the runs") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  fail(engine, "R_1", phone_rule());

  CHECK(causes(engine, {.projects = std::vector<std::string>{"prj_1"}}).size() == 1);
  CHECK(causes(engine, {.projects = std::vector<std::string>{"prj_2"}}).empty());
  CHECK(causes(engine, {.workflow = "wfl_2"}).empty());
  CHECK(causes(engine, {.state = RunState::held}).empty());
}

TEST_CASE("a run that goes on, or is followed by another, stands under its cause no more") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  const std::string goes_on = fail(engine, "R_1", phone_rule());
  const std::string is_followed = fail(engine, "R_2", phone_rule());
  const std::string fails_again = fail(engine, "R_3", phone_rule());
  REQUIRE(causes(engine)[0].runs() == 3);

  REQUIRE(engine.replay_original(goes_on));
  engine.settle();
  REQUIRE(engine.state(goes_on) == "succeeded");
  CHECK(causes(engine)[0].runs() == 2);
  REQUIRE(engine.replay_latest(is_followed));
  engine.settle();
  CHECK(causes(engine)[0].runs() == 1);
  engine.elsewhere.script["contact"] = {phone_rule()};
  REQUIRE(engine.replay_original(fails_again));
  engine.settle();
  CHECK(causes(engine)[0].runs() == 1);
}

TEST_CASE("a hold has a cause until it is lifted, and no notice of failure") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  engine.set_extensions({});
  const std::string run = engine.start();
  engine.settle();
  REQUIRE(engine.state(run) == "held");

  const std::vector<CauseRow> listed = causes(engine, {.state = RunState::held});
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].cause.code == "extension_not_licensed");
  CHECK((listed[0].holds && !listed[0].fails));
  CHECK(notices(engine).empty());

  engine.set_extensions({"salesforce"});
  CHECK(engine.state(run) == "succeeded");
  CHECK(causes(engine).empty());
}

TEST_CASE("what a person decides of an unclear write ends its cause") {
  EngineFixture engine;
  engine.add_workflow(R"({"contact":{"type":"fake","account":"crm","with":{"steps":["post"]}}})");
  engine.elsewhere.script["contact"] = {support::loses_the_answer()};
  const std::string run = engine.start();
  engine.settle();
  REQUIRE(causes(engine, {.state = RunState::held}).size() == 1);

  Fact answered{.what = What::answered, .task = 0, .at = engine.process->clock.now(), .is_write = true};
  answered.content.text = R"({"id":null})";
  REQUIRE(engine.resume(run, {answered}));
  engine.settle();

  CHECK(engine.state(run) == "succeeded");
  CHECK(causes(engine).empty());
}

TEST_CASE("a cancelled run stands under no cause, nor does one whose workflow is removed") {
  EngineFixture engine;
  const std::int64_t workflow = engine.add_workflow(one_write);
  engine.set_extensions({});
  const std::string run = engine.start("R_1");
  engine.start("R_2");
  engine.settle();
  REQUIRE(causes(engine)[0].runs() == 2);

  engine.cancel(run);
  CHECK(causes(engine)[0].runs() == 1);
  engine.wait(engine.process->workflows.remove("usr_owner", workflow));
  CHECK(causes(engine).empty());
  CHECK(engine.sql("SELECT count(*) FROM run_cause WHERE brand > 0").front().integer(0) == 0);
}

TEST_CASE("a failure that is made good is no cause, and nobody is told") {
  EngineFixture engine;
  engine.add_workflow(R"({"contact":{"type":"fake","account":"crm"},
                          "mend":{"type":"fake","account":"crm","after":[{"task":"contact","on":"failed"}]}})");
  engine.elsewhere.script["contact"] = {phone_rule()};
  const std::string run = engine.start();
  engine.settle();

  REQUIRE(engine.state(run) == "succeeded");
  CHECK(causes(engine).empty());
  CHECK(notices(engine).empty());
}

TEST_CASE("of a list the items stand under causes, each by itself") {
  EngineFixture engine;
  engine.add_workflow(
      R"({"contact":{"type":"fake","account":"crm","for_each":"${q://list}","with":{"steps":["keyed"]}}})");
  engine.elsewhere.script["contact"] = {phone_rule(), phone_rule()};
  const std::string run = engine.start("R_1", R"({"list":["a","b","c"]})");
  engine.settle();
  REQUIRE(engine.state(run) == "failed");

  REQUIRE(causes(engine).size() == 1);
  CHECK(causes(engine)[0].runs() == 2);
  CHECK(causes(engine)[0].example.starts_with(run + ".contact."));

  REQUIRE(engine.replay_original(run));
  engine.settle();
  CHECK(engine.state(run) == "succeeded");
  CHECK(causes(engine).empty());
}

TEST_CASE("a response that cannot be got is a cause without a task") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  engine.elsewhere.fetches = {base::Error{support::other_side_refuses, "no response 'R_1' here"}};
  const std::string run = engine.start("R_1", "{}", engine::EventContent::notice);
  engine.settle();
  REQUIRE(engine.state(run) == "failed");

  REQUIRE(causes(engine).size() == 1);
  CHECK(causes(engine)[0].cause.task.empty());
  CHECK(causes(engine)[0].cause.message == "no response '…' here");
  CHECK(notices(engine)[0].notice.message.find("fail at getting the response: ") != std::string::npos);
}

TEST_CASE("a failure that is written down though the epoch has moved stands under its cause all the same") {
  EngineFixture engine;
  engine.add_workflow(R"({"contact":{"type":"fake","account":"crm","with":{"steps":["keyed"]}},
                          "next":{"type":"fake","account":"crm","after":[{"task":"contact","on":"finished"}]}})");
  engine.start("R_0");
  engine.settle();
  support::Reply refusal = phone_rule();
  refusal.waits = true;
  engine.elsewhere.script["contact"] = {refusal};
  const std::string run = engine.start("R_1");
  engine.settle();
  engine.process->database.before_apply = [&] {
    engine.account().state = engine::AccountState::expired;
    engine.raise_epoch();
  };
  engine.elsewhere.go_on();
  engine.settle();

  REQUIRE(engine.told(run, 1) == "held");
  CHECK(engine.sql("SELECT state FROM run_cause WHERE brand > 0 AND task = 'contact'").front().text(0) == "failed");
  CHECK(engine.sql("SELECT state FROM run_cause WHERE brand > 0 AND task = 'next'").front().text(0) == "held");
}

TEST_CASE("a run that succeeds costs no statement for causes") {
  engine::StepRecord step;
  step.turn = {.to = engine::RunTurn::To::over, .state = RunState::succeeded};
  CHECK_FALSE(engine::touches_causes(step));
}
