// A run's document in, what a person reads out.
#include <string>

#include <catch2/catch.hpp>

#include "app/cli/run_picture.hpp"
#include "app/cli/runs_table.hpp"

namespace {

constexpr const char* run_head = R"("id":"run_a","workflow":{"id":"wfl_1","name":"NPS","version":3},"hook":"hk_1",
  "event":{"id":"evt_a","dedup_key":"R_1 2026"},"project":"prj_1","owner":"usr_o","creator":"usr_c","auth_epoch":7,"replay":0,
  "received_at":"2026-05-01T10:00:00.000Z")";

std::string document_of(const std::string& state, const std::string& tasks, const std::string& history = "[]") {
  return std::string("{") + run_head + R"(,"state":")" + state + R"(","ended_at":"2026-05-01T10:01:02.500Z","tasks":)" +
         tasks + R"(,"history":)" + history + "}";
}

std::string pictured(const std::string& document, bool has_colour = false) {
  return app::cli::run_picture({document}, {.width = 100, .has_colour = has_colour});
}

bool holds_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

constexpr const char* failed_upsert =
    R"([{"id":"answer","type":"salesforce_upsert","after":[],"column":0,"state":"failed",
  "account":{"alias":"crm","linked":{"id":"acc_1","name":"CRM","environment":"sandbox","org_id":"00D1"}},
  "code":"salesforce_refused","message":"…","effect":"repeatable","attempts":[
    {"number":1,"started_at":"2026-05-01T10:00:00.100Z","verdict":{"allowed":true,"auth_epoch":7,"account":"acc_1"},"kind":"write",
     "request":{"operation":"upsert","fields":{"Score__c":10}},"ended_at":"2026-05-01T10:00:00.350Z","outcome":"failed",
     "error":{"code":"salesforce_refused","message":"…","details":{"status":400,"errors":[
       {"errorCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [Name]","fields":["Name"]}]}}}]}])";

constexpr const char* held_find =
    R"([{"id":"contact","type":"salesforce_find","after":[],"column":0,"state":"held","code":"account_share_revoked",
  "message":"…","account":{"alias":"crm"},"attempts":[],"held":{"code":"account_share_revoked","message":"no longer shared",
  "lifted_by":"a brand admin: share the account with the owner again","keys":["account:acc_1"],
  "diagnosis":{"owner":"usr_o","org_id":"00D1","shared_with":[]}}}])";

}  // namespace

TEST_CASE("the head says what ran, how it ended, whose it is and how long it took") {
  const std::string picture = pictured(document_of("succeeded", "[]"));
  CHECK(picture.starts_with("✓ succeeded  NPS · version 3\n"));
  CHECK(holds_line(picture, "  run       run_a"));
  CHECK(holds_line(picture, "  event     evt_a  (key R_1 2026)"));
  CHECK(holds_line(picture, "  received  2026-05-01 10:00:00.000 UTC  ·  ended after 1 min 2 s"));
  CHECK(holds_line(picture, "  owner     usr_o"));
  CHECK(holds_line(picture, "  creator   usr_c"));
}

TEST_CASE("an attempt shows its verdict, its request and Salesforce's own words") {
  const std::string picture = pictured(document_of("failed", failed_upsert));
  CHECK(holds_line(picture, "    attempt 1 · write (repeatable)  10:00:00.100  failed after 250 ms"));
  CHECK(holds_line(picture, "      allowed   under epoch 7 on account CRM · sandbox · org 00D1"));
  CHECK(holds_line(picture, R"(      sends     {"operation": "upsert", "fields": {"Score__c": 10}})"));
  CHECK(
      holds_line(picture, "      org says  REQUIRED_FIELD_MISSING: Required fields are missing: [Name] · fields Name"));
  CHECK(holds_line(picture, "      more      sluice explain salesforce_refused"));
}

TEST_CASE("a later attempt does not show again what it repeats") {
  const std::string attempt =
      R"("started_at":"2026-05-01T10:00:00.100Z","verdict":{"auth_epoch":1},"kind":"read","request":{"soql":"SELECT Id"}})";
  const std::string tasks =
      R"([{"id":"a","type":"t","after":[],"column":0,"state":"running","attempts":[{"number":1,)" + attempt +
      R"(,{"number":2,)" + attempt + "]}]";
  const std::string picture = pictured(document_of("running", tasks));
  CHECK(picture.find("SELECT Id") == picture.rfind("SELECT Id"));
  CHECK(holds_line(picture, "      asks      the same as before"));
}

TEST_CASE("a hold names its reason, who lifts it, what it waits on, and the facts behind it") {
  const std::string picture = pictured(document_of("held", held_find));
  CHECK(holds_line(picture, "      why       account_share_revoked: no longer shared"));
  CHECK(holds_line(picture, "      way out   a brand admin: share the account with the owner again"));
  CHECK(holds_line(picture, "      waits on  account:acc_1"));
  CHECK(holds_line(picture, "                org id          00D1"));
  CHECK(holds_line(picture, "                shared with     nobody"));
}

TEST_CASE("edges that wait for something else than success say so in the box") {
  const std::string tasks = R"([{"id":"a","type":"x","after":[],"column":0,"state":"failed","attempts":[]},
    {"id":"b","type":"x","after":[{"task":"a","on":"failed"}],"column":1,"state":"skipped","attempts":[],"code":"edge_not_taken","message":"never"}])";
  const std::string picture = pictured(document_of("failed", tasks));
  CHECK(picture.find("│ on failed: a │") != std::string::npos);
  CHECK(holds_line(picture, "    because   edge_not_taken"));
}

TEST_CASE("a request that is too long for a line is opened up, in its own order") {
  const std::string text(60, 'x');
  const std::string tasks = R"([{"id":"a","type":"t","after":[],"column":0,"state":"running","attempts":[{"number":1,
    "started_at":"2026-05-01T10:00:00.100Z","verdict":{"auth_epoch":1},"kind":"read","request":{"z":")" +
                            text + R"(","a":[1,2],"m":")" + text + R"("}}]}])";
  const std::string picture = pictured(document_of("running", tasks));
  CHECK(picture.find("      asks      {\n                  \"z\": \"" + text +
                     "\",\n                  \"a\": [1, 2],\n                  \"m\": \"" + text +
                     "\"\n                }\n") != std::string::npos);
}

TEST_CASE("the history stands at the end, a line a fact") {
  const std::string history =
      R"([{"at":"2026-05-01T10:00:00.100Z","task":"contact","what":"started","message":"attempt 1 begins"},
                                  {"at":"2026-05-01T10:00:01.000Z","what":"ended","message":"succeeded"}])";
  const std::string picture = pictured(document_of("succeeded", "[]", history));
  CHECK(picture.ends_with(
      "History\n  10:00:00.100  contact  started   attempt 1 begins\n  10:00:01.000           ended     succeeded\n"));
}

TEST_CASE("colours are there when they are wanted and nowhere else") {
  CHECK(pictured(document_of("failed", failed_upsert)).find('\x1b') == std::string::npos);
  CHECK(pictured(document_of("failed", failed_upsert), true).find("\x1b[31m✗ failed\x1b[0m") != std::string::npos);
}

TEST_CASE("a document that is none draws nothing wrong") { CHECK_NOTHROW(pictured("not json")); }

TEST_CASE("runs stand in a table with the reason of those that wait") {
  const std::string runs =
      R"({"runs":[{"id":"run_b","workflow":"NPS","state":"held","code":"wrong_org","dedup_key":"k","received_at":"2026-05-01T10:00:00.000Z"},
    {"id":"run_a","workflow":"Case","state":"queued","dedup_key":"k","received_at":"2026-05-01T09:00:00.000Z","due_at":"2026-05-01T11:00:00.000Z"}]})";
  CHECK(app::cli::runs_table({runs}, {}) ==
        "RUN    STATE     RECEIVED                     WORKFLOW  WHY\n"
        "run_b  ! held    2026-05-01 10:00:00.000 UTC  NPS       wrong_org\n"
        "run_a  · queued  2026-05-01 09:00:00.000 UTC  Case      goes on 2026-05-01 11:00:00.000 UTC\n");
  CHECK(app::cli::runs_table({R"({"runs":[]})"}, {}) == "No runs.\n");
}

TEST_CASE("where several listed runs have failed, the table leads to their causes") {
  const std::string failed =
      R"({"id":"run_a","workflow":"NPS","state":"failed","code":"x","dedup_key":"k","received_at":"2026-05-01T10:00:00.000Z"})";
  const std::string hint = "\nWhy runs failed, each cause once: sluice runs causes\n";
  CHECK(app::cli::runs_table({R"({"runs":[)" + failed + "," + failed + "]}"}, {}).ends_with(hint));
  CHECK(app::cli::runs_table({R"({"runs":[)" + failed + "]}"}, {}).find(hint) == std::string::npos);
}

TEST_CASE("events that started nothing stand in a table with their reason") {
  const std::string events =
      R"({"not_started":[{"event":"evt_a","hook":"hk","dedup_key":"R_1","workflow":"NPS","code":"trigger_condition_false",
    "message":"the trigger's condition does not hold","at":"2026-05-01T10:00:00.000Z"}]})";
  CHECK(app::cli::not_started_table({events}, {.width = 130}) ==
        "RECEIVED                     KEY  WORKFLOW  CODE                     WHY\n"
        "2026-05-01 10:00:00.000 UTC  R_1  NPS       trigger_condition_false  the trigger's condition does not hold\n");
}

TEST_CASE("a run that waits for its items says for how many of which, and is drawn with them") {
  const std::string tasks =
      R"([{"id":"rating","type":"salesforce_create","after":[],"column":0,"state":"waiting","attempts":[],
    "for_each":{"list":"${q://QID5/Rows}","children":[
      {"number":1,"run":"run_a.rating.1","state":"succeeded"},{"number":2,"run":"run_a.rating.2","state":"held"}],
      "succeeded":1,"held":1}},
    {"id":"later","type":"salesforce_create","after":[],"column":0,"state":"pending","attempts":[],
    "for_each":{"list":"${task://rating/ids}","children":[]}}])";
  std::string document = document_of("held", tasks);
  document.insert(document.size() - 1, R"(,"items":{"all":2,"succeeded":1,"held":1})");
  const std::string picture = pictured(document);
  INFO(picture);
  CHECK(holds_line(picture, "  items     waits for 1 of 2 items: 1 held"));
  CHECK(picture.find("× 2  ✓ 1  ! 1") != std::string::npos);
  CHECK(picture.find("× each") != std::string::npos);
}

TEST_CASE("the table of runs says what a run waits for") {
  const auto row = [](const std::string& state, const std::string& more) {
    return app::cli::runs_table({R"({"runs":[{"id":"run_a","workflow":"NPS","state":")" + state +
                                 R"(","dedup_key":"k","received_at":"2026-05-01T09:00:00.000Z")" + more + "}]}"},
                                {.width = 160, .has_colour = false});
  };
  CHECK(row("held", R"(,"code":"account_token_expired","items":{"all":8,"succeeded":4,"failed":1,"held":3})")
            .find("account_token_expired · waits for 3 of 8 items: 3 held · 1 failed\n") != std::string::npos);
  CHECK(row("queued", R"(,"items":{"all":8,"held":1,"running":2,"queued":5})")
            .find("NPS       waits for 8 of 8 items: 1 held, 2 running, 5 queued\n") != std::string::npos);
  CHECK(row("queued", R"(,"items":{"all":8,"succeeded":8})").find("all of its 8 items have ended") !=
        std::string::npos);
}
