// The console, as people see it: in a real browser, on a real server. It tells what failed and why, in the org's own
// words, and nothing that anybody has typed is ever more than text in it.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/console_reader.hpp"
#include "tests/promises/world.hpp"

using Catch::Contains;
using nlohmann::json;
using promises::ConsoleReader;
using promises::SurveyResponse;
using promises::World;

namespace {

const char* const comment_workflow =
    R"({"name": "Comments", "trigger": {"type": "survey_response"}, "tasks": {"answer": {
  "type": "salesforce_upsert", "account": "crm",
  "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${rm://Field/ResponseID}"},
           "fields": {"Comment__c": "${q://QID3/ChoiceTextEntryValue}"}}}}})";

// The org refuses whatever has `word` in its address, in these words.
void refuse(const promises::OrgProgram& org, const std::string& word, const json& error) {
  const json fault{{"next", 1000},
                   {"method", "PATCH"},
                   {"path_contains", word},
                   {"status", 400},
                   {"body", json::array({error}).dump()},
                   {"content_type", "application/json;charset=UTF-8"}};
  org.add_fault(fault.dump());
}

json rule_error(const std::string& message, const std::string& field) {
  return {{"message", message}, {"errorCode", "FIELD_CUSTOM_VALIDATION_EXCEPTION"}, {"fields", {field}}};
}

std::string failed_run(const World& world, const std::string& id) {
  const std::string run = world.server.accepted_run(SurveyResponse{.id = id, .comment = "survey"}.json());
  world.server.run_when(run, "failed");
  return run;
}

// 50 ways to be more than text. Each sets window.pwned or loads /pwned where one of them works.
std::vector<std::string> hostile_texts() {
  std::vector<std::string> texts{
      "<script>window.pwned=1</script>",
      "<img src=x onerror=window.pwned=1>",
      "<img src=/pwned>",
      "<svg onload=window.pwned=1>",
      "<svg><script>window.pwned=1</script></svg>",
      "<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s>",
      "<iframe srcdoc=\"<script>parent.pwned=1</script>\"></iframe>",
      "<iframe src=/pwned></iframe>",
      "<iframe src=javascript:parent.pwned=1></iframe>",
      "<a href=javascript:window.pwned=1>click</a>",
      "<a href=\"java\tscript:window.pwned=1\">click</a>",
      "<body onload=window.pwned=1>",
      "<details open ontoggle=window.pwned=1>x</details>",
      "<input autofocus onfocus=window.pwned=1>",
      "<video><source onerror=window.pwned=1></video>",
      "<audio src=/pwned autoplay onerror=window.pwned=1>",
      "<object data=/pwned></object>",
      "<embed src=/pwned>",
      "<link rel=stylesheet href=/pwned>",
      "<style>@import '/pwned';</style>",
      "<style>*{background:url(/pwned)}</style>",
      "<base href=//pwned.example/>",
      "<meta http-equiv=refresh content='0;url=/pwned'>",
      "<form action=/pwned><button autofocus>x</button></form>",
      "<math><mtext></mtext><mglyph><style><img src=x onerror=window.pwned=1>",
      "<noscript><p title=\"</noscript><img src=x onerror=window.pwned=1>\">",
      "<template><script>window.pwned=1</script></template>",
      "<marquee onstart=window.pwned=1>x</marquee>",
      "<table background=/pwned><tr><td>x",
      "<button onclick=window.pwned=1 autofocus>x</button>",
      "</code></td></table><script>window.pwned=1</script>",
      "\"><script>window.pwned=1</script>",
      "' onmouseover='window.pwned=1",
      "\" autofocus onfocus=\"window.pwned=1",
      "javascript:window.pwned=1",
      "data:text/html,<script>window.pwned=1</script>",
      "{{constructor.constructor('window.pwned=1')()}}",
      "${window.pwned=1}",
      "`${window.pwned=1}`",
      "<%= window.pwned=1 %>",
      "&lt;script&gt;window.pwned=1&lt;/script&gt;",
      "&#60;img src=x onerror=window.pwned=1&#62;",
      "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
      "%3Cscript%3Ewindow.pwned=1%3C/script%3E",
      "<scr<script>ipt>window.pwned=1</scr</script>ipt>",
      "<ScRiPt>window.pwned=1</sCrIpT>",
      "<!--><script>window.pwned=1</script>-->",
      "<![CDATA[<script>window.pwned=1</script>]]>",
      "`code` *stress* [link](javascript:window.pwned=1)",
      "'-(window.pwned=1)-'",
  };
  return texts;
}

// What a page is made of: how often each element occurs that could load or run something, and each that the console
// itself never makes, or makes with a listener that stands in an attribute.
const char* const census = R"(
  const count = (css) => document.querySelectorAll(css).length;
  return {
    scripts: count('script'), pictures: count('img'), links: count('link'), metas: count('meta'),
    strange: count('iframe, object, embed, svg, math, style, base, video, audio, template, marquee, form, noscript'),
    listeners: [...document.querySelectorAll('*')].filter((one) =>
      [...one.attributes].some(({ name, value }) => name.startsWith('on') || /^\s*(javascript|data):/i.test(value) && name === 'href')).length,
    pwned: window.pwned ?? null,
    loaded: performance.getEntriesByType('resource').filter((one) =>
      !one.name.startsWith(location.origin) || one.name.includes('pwned')).map((one) => one.name),
    address: location.origin + location.pathname,
  };)";

}  // namespace

TEST_CASE("the console takes a token that is known, says of another that it is not, and keeps it in its tab alone") {
  World world(comment_workflow);
  REQUIRE(world.server.start());
  ConsoleReader reader(world.server);

  reader.enter_token("slt_of_nobody");
  CHECK_THAT(reader.text_of("#sign-in-fault:not(:empty)"), Contains("not known") && Contains("token_unknown"));
  CHECK(reader.browser().run("return sessionStorage.length") == 0);

  reader.enter_token(world.server.token());
  CHECK_THAT(reader.text_of(".who"), Contains("admin"));
  CHECK_THAT(reader.text_of(".empty"), Contains("Nothing fails, and nothing waits for a person"));
  CHECK(reader.browser().url() == world.server.url() + "/console/");
  CHECK(reader.browser().run("return [document.cookie, localStorage.length, sessionStorage.length]") ==
        json({"", 0, 1}));
  reader.browser().run("location.reload()");
  CHECK_THAT(reader.text_of(".who"), Contains("admin"));

  reader.browser().click("#sign-out");
  reader.browser().await("#token");
  CHECK(reader.browser().run("return sessionStorage.length") == 0);
}

TEST_CASE("a token that is taken away leads back to the console's sign-in, with the reason") {
  World world(comment_workflow);
  REQUIRE(world.server.start());
  const json maria = world.server.ask("POST", "/users", R"({"name": "maria"})");
  const std::string hers = maria.at("token");
  const std::string her_id = maria.at("id");
  const json token = json::parse(world.server.call_as(hers, "GET", "/me", "").body).at("token");
  ConsoleReader reader(world.server);
  reader.enter_token(hers);
  CHECK_THAT(reader.text_of(".who"), Contains("maria"));

  world.server.ask("DELETE", "/users/" + her_id + "/tokens/" + token.get<std::string>());
  reader.browser().run("location.hash = '#/runs'");

  CHECK_THAT(reader.text_of("#sign-in-fault:not(:empty)"), Contains("taken away"));
  CHECK(reader.browser().run("return sessionStorage.length") == 0);
}

TEST_CASE("complaint 12: the console tells of a validation rule once, with its own message, code and field") {
  const std::string rule = "Call customers on 555-0100 before you close: 'no news' is no answer.";
  World world(comment_workflow);
  refuse(world.org, "R_phone_", rule_error(rule, "Survey__c"));
  refuse(world.org, "R_score_", rule_error("A score needs a survey.", "Score__c"));
  REQUIRE(world.server.start());
  for (int i = 0; i < 5; ++i) failed_run(world, fmt::format("R_phone_{}", i));
  for (int i = 0; i < 3; ++i) failed_run(world, fmt::format("R_score_{}", i));
  ConsoleReader reader(world.server);
  reader.enter_token(world.server.token());

  CHECK_THAT(reader.text_of(".cause:nth-child(1)"),
             Contains(rule) && Contains("FIELD_CUSTOM_VALIDATION_EXCEPTION on Survey__c") && Contains("5 runs") &&
                 Contains("failed") && Contains("Comments") && Contains("answer"));
  CHECK_THAT(reader.text_of(".cause:nth-child(2)"), Contains("A score needs a survey.") && Contains("3 runs"));
  CHECK(reader.browser().run("return document.querySelectorAll('.cause').length") == 2);

  reader.follow(".cause:nth-child(1) .ways a");
  CHECK(reader.browser().run("return document.querySelectorAll('table.runs tbody tr').length") == 5);
  CHECK_THAT(reader.text_of(".cause"), Contains(rule));

  reader.follow("table.runs tbody tr td:last-child a");
  const std::string why = reader.text_of(".why");
  CHECK_THAT(why, Contains(rule) && Contains("FIELD_CUSTOM_VALIDATION_EXCEPTION") && Contains("Survey__c"));
  CHECK_THAT(reader.text_of(".why .error-page h3"), Contains("What happened"));
  CHECK_THAT(reader.page(), Contains("sluice runs replay run_") && Contains("R_phone_") && Contains("Response_Id__c"));
}

TEST_CASE("the console shows of a held run who can lift it, and how") {
  World world(comment_workflow);
  REQUIRE(world.server.start());
  world.server.run_when(world.server.accepted_run(SurveyResponse{.id = "R_1"}.json()), "succeeded");
  world.org.break_login();
  const std::string id = world.server.accepted_run(SurveyResponse{.id = "R_2"}.json());
  const json held = promises::task_of(world.server.run_when(id, "held"), "answer").at("held");
  ConsoleReader reader(world.server);
  reader.enter_token(world.server.token());
  reader.browser().await(".cause");

  reader.go("#/runs/" + id);
  CHECK_THAT(reader.text_of(".why"), Contains(held.at("lifted_by").get<std::string>()) &&
                                         Contains(held.at("message").get<std::string>()) &&
                                         Contains("account_token_expired"));
  CHECK_THAT(reader.page(), Contains("sluice runs resume " + id));
  reader.go("#/runs");
  json told = json::array();
  for (const json& run : world.server.all_runs()) told.push_back({run.at("id"), run.at("state")});
  CHECK(reader.browser().run(R"(
    return [...document.querySelectorAll('table.runs tbody tr')].map((row) =>
      [row.querySelector('td:last-child code').textContent, row.querySelector('.badge').textContent.split(' ').pop()]);)") ==
        told);
  reader.go("#/workflows");
  CHECK_THAT(reader.text_of(".workflow"), Contains("gate closed") && Contains("Way out"));
  reader.go("#/notices");
  CHECK_THAT(reader.text_of(".notices"), Contains("account expired"));
}

TEST_CASE("complaint 23: the console names the records that the org takes for the same") {
  World world(R"({"name": "Contacts", "trigger": {"type": "survey_response"}, "tasks": {"it": {
    "type": "salesforce_create", "account": "crm",
    "with": {"object": "Contact", "fields": {"LastName": "Reyes", "Email": "${m://Email}"}}}}})");
  world.org.local("PUT", "/_local/policies", R"({"duplicate_rules": ["Contact.Email"]})");
  const std::string known = world.org.insert("Contact", R"({"LastName": "Rey", "Email": "reyes@example.com"})");
  REQUIRE(world.server.start());
  const std::string run = failed_run(world, "R_1");
  ConsoleReader reader(world.server);
  reader.enter_token(world.server.token());
  reader.browser().await(".cause");

  reader.go("#/runs/" + run);

  CHECK_THAT(reader.text_of(".why"), Contains("DUPLICATES_DETECTED") && Contains("Contact " + known));
}

TEST_CASE("the console shows a viewer why a run failed, and nothing of what the respondent has said") {
  World world(comment_workflow);
  refuse(world.org, "R_phone_", rule_error("Call first.", "Comment__c"));
  REQUIRE(world.server.start());
  const std::string answer = "my private words";
  const std::string id = world.server.accepted_run(SurveyResponse{.id = "R_phone_1", .comment = answer}.json());
  const json run = world.server.run_when(id, "failed");
  const json maria = world.server.ask("POST", "/users", R"({"name": "maria"})");
  world.server.ask(
      "PUT",
      "/projects/" + run.at("project").get<std::string>() + "/collaborators/" + maria.at("id").get<std::string>(),
      R"({"right": "view"})");
  ConsoleReader reader(world.server);
  reader.enter_token(maria.at("token"));
  CHECK_THAT(reader.text_of(".cause"), Contains("Call first."));

  reader.go("#/runs/" + id);
  CHECK_THAT(reader.text_of(".why"),
             Contains("FIELD_CUSTOM_VALIDATION_EXCEPTION") && Contains("Call first.") && Contains("Comment__c"));
  CHECK_THAT(reader.page(), Contains("for those who may edit the workflow") && !Contains(answer));
  reader.go("#/runs");
  CHECK_THAT(reader.text_of("table.runs"), Contains("Call first.") && !Contains(answer));
}

TEST_CASE("the console shows of a list each item with its run, and leads to the one that failed and back") {
  World world(promises::sample_workflow("matrix_rows"));
  world.org.insert("Survey_Response__c", R"({"Response_Id__c": "R_1-2"})");  // which is unique
  REQUIRE(world.server.start());
  const std::string matrix =
      R"({"responseId": "R_1", "surveyId": "SV_service", "labels": {}, "values": {"finished": 1,
        "recordedDate": "2026-05-01T07:25:37.114Z", "QID5_1": 5, "QID5_2": 3, "QID5_3": 1}})";
  const std::string id = world.server.accepted_run(matrix);
  world.server.run_when(id, "failed");
  ConsoleReader reader(world.server);
  reader.enter_token(world.server.token());
  reader.browser().await(".cause");

  reader.go("#/runs/" + id);
  CHECK_THAT(reader.text_of(".why .children"), Contains("item 2") && !Contains("item 1") && !Contains("item 3"));
  CHECK_THAT(reader.text_of("#task-rating .items"),
             Contains("1 failed, 2 succeeded") && Contains("item 1") && Contains("item 2") && Contains("item 3"));
  reader.follow(".why .children a");
  CHECK_THAT(reader.text_of(".why .message"), Contains("duplicate value found"));
  CHECK_THAT(reader.text_of(".lead"), Contains("Item 2 of rating"));
  reader.follow(".lead a");
  CHECK_THAT(reader.text_of("#task-rating .items"), Contains("1 failed"));
}

TEST_CASE("the operator's token shows nothing of a brand in the console, and says so") {
  World world(comment_workflow);
  REQUIRE(world.server.start());
  ConsoleReader reader(world.server);

  reader.enter_token(world.server.operator_token());

  CHECK_THAT(reader.text_of(".empty"), Contains("This is the operator's token"));
}

TEST_CASE("fifty hostile texts are shown by the console as the texts that they are") {
  const std::vector<std::string> texts = hostile_texts();
  REQUIRE(texts.size() == 50);
  json workflow = json::parse(comment_workflow);
  workflow["name"] = texts[1];
  World world(workflow.dump());
  for (std::size_t i = 0; i < texts.size(); ++i)
    refuse(world.org, fmt::format("R_x{}_", i),
           {{"message", texts[i]}, {"errorCode", texts[(i + 1) % 50]}, {"fields", {texts[(i + 2) % 50]}}});
  REQUIRE(world.server.start());
  std::vector<std::string> runs;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string response = SurveyResponse{.id = fmt::format("R_x{}_", i), .comment = texts[i]}.json();
    std::string key = texts[i];
    std::erase(key, '\t');
    runs.push_back(json::parse(world.server.deliver(response, {{"Idempotency-Key", key}}).body).at("runs").at(0));
  }
  for (const std::string& run : runs) world.server.run_when(run, "failed");
  ConsoleReader reader(world.server);
  reader.enter_token(world.server.token());
  reader.browser().await(".cause");
  const json untouched{{"scripts", 1},
                       {"pictures", 1},
                       {"links", 2},
                       {"metas", 3},
                       {"strange", 0},
                       {"listeners", 0},
                       {"pwned", nullptr},
                       {"loaded", json::array()},
                       {"address", world.server.url() + "/console/"}};
  CHECK(reader.browser().run(census) == untouched);

  const char* const missing = R"(
    const shown = document.querySelector('main').textContent;
    return arguments[0].filter((text) => !shown.includes(text));)";
  std::vector<std::string> keys = texts;
  for (std::string& key : keys) std::erase(key, '\t');
  reader.go("#/runs?children=true");
  CHECK(reader.browser().run(missing, {keys}) == json::array());
  CHECK(reader.browser().run(census) == untouched);

  for (std::size_t i = 0; i < runs.size(); ++i) {
    INFO(texts[i]);
    reader.go("#/runs/" + runs[i]);
    const json expected = json::array({texts[i], texts[(i + 1) % 50], texts[(i + 2) % 50], texts[1]});
    CHECK(reader.browser().run(missing, json::array({expected})) == json::array());
    CHECK(reader.browser().run(census) == untouched);
  }
  for (const char* view : {"#/workflows", "#/notices", "#/errors/%3Cimg%20src=x%20onerror=window.pwned=1%3E",
                           "#/<script>window.pwned=1</script>"}) {
    INFO(view);
    reader.go(view);
    CHECK(reader.browser().run(census) == untouched);
  }
}

TEST_CASE("what a page draws anew while it is read is read all the same") {
  World world(comment_workflow);
  REQUIRE(world.server.start());
  ConsoleReader reader(world.server);
  reader.browser().run(R"(
    const draw = () => document.querySelector('main').replaceChildren(
      Object.assign(document.createElement('p'), { className: 'new', textContent: 'the same words' }));
    draw();
    setInterval(draw, 0);)");

  for (int i = 0; i < 100; ++i) CHECK(reader.text_of("p.new") == "the same words");
}

TEST_CASE("what the console's policy forbids is seen by its tests") {
  World world(comment_workflow);
  REQUIRE(world.server.start());
  ConsoleReader reader(world.server);

  const json seen = reader.browser().run(R"(
    const told = new Promise((done) => addEventListener('securitypolicyviolation', () => setTimeout(() => done(window.violations.length), 0), { once: true }));
    document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/elsewhere' }));
    return told;)");

  CHECK(seen == 1);
  const std::string sink = reader.browser().run(
      "try { document.createElement('p').innerHTML = '<b>x</b>'; return 'taken'; } catch (refused) { return "
      "refused.name; }");
  CHECK(sink == "TypeError");  // trusted types: there is no way to make markup of a text
  reader.browser().run("window.violations = []");
}
