// The survey trigger: pipes on a response, and the response behind a notice.
#include "tasks/survey_response_trigger.hpp"

#include <catch2/catch.hpp>

#include "connectors/survey/piped_text.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/scripted_http.hpp"

namespace {

const std::string notice =
    R"({"Status":"Complete","SurveyID":"SV_nps","ResponseID":"R_1","CompletedDate":"2019-06-26 13:28:11","BrandID":"b"})";

}  // namespace

TEST_CASE("a stored response answers its pipes with their types") {
  tasks::SurveyResponseTrigger trigger(nullptr);

  auto values = trigger.read(support::fixture("survey/promoter.json"));

  REQUIRE(values);
  CHECK(*(*values)->value({"q", "QID1/SelectedChoicesRecode"}) == base::number(10));
  CHECK(*(*values)->value({"m", "Email"}) == base::Value("reyes@example.com"));
  CHECK((*values)->value({"e", "Field/NotThere"})->is_blank());
}

TEST_CASE("a list of objects in a response is one to go through, and no value") {
  tasks::SurveyResponseTrigger trigger(nullptr);

  auto values = trigger.read(
      R"({"responseId":"R_1","values":{"Products":[{"sku":"A","size":{"w":2}},{"sku":"B"}],"Box":{"sku":"C"}}})");

  REQUIRE(values);
  for (const engine::Pipe& pipe : {engine::Pipe{"event", "values/Products"}, engine::Pipe{"e", "Field/Products"}}) {
    const base::Result<engine::Items> items = (*values)->items(pipe);
    REQUIRE(items);
    REQUIRE(items->size() == 2);
    CHECK(engine::member_of(items->at(0).members, "sku") == base::Value("A"));
    CHECK(engine::member_of(items->at(0).members, "size/w") == base::number(2));
    CHECK(engine::member_of(items->at(1).members, "sku") == base::Value("B"));
    CHECK((*values)->value(pipe).error().code == connectors::survey::value_is_nested);
  }
  CHECK((*values)->items({"event", "values/Box"}).error().code == connectors::survey::value_is_nested);
}

TEST_CASE("a body that is no response is refused") {
  tasks::SurveyResponseTrigger trigger(nullptr);

  CHECK_FALSE(trigger.read("{}"));
  CHECK_FALSE(trigger.read("[[["));
}

TEST_CASE("pipes that mean nothing for a response are told in a sentence") {
  tasks::SurveyResponseTrigger trigger(nullptr);

  CHECK(trigger.what_is_wrong_with({"q", "QID1/SelectedChoicesRecode"}).empty());
  CHECK_FALSE(trigger.what_is_wrong_with({"q", "QID1/SelectedChoicesRecord"}).empty());
  CHECK_FALSE(trigger.what_is_wrong_with({"ftp", "x"}).empty());
}

TEST_CASE("a notice is fetched by its survey and response") {
  boost::asio::io_context loop;
  support::ScriptedHttp http;
  connectors::survey::PlatformClient platform(
      http, {.base_url = "https://fra1.example.com", .api_token = base::Secret("t"), .shared_key = {}});
  tasks::SurveyResponseTrigger trigger(&platform);
  http.then(200, R"({"result":{"responseId":"R_1","values":{}},"meta":{}})");

  base::Result<std::string> body = support::run(loop, trigger.fetch(notice));

  REQUIRE(body);
  CHECK(trigger.read(*body));
  CHECK(http.request(0).url == "https://fra1.example.com/API/v3/surveys/SV_nps/responses/R_1");
}

TEST_CASE("without a survey platform a notice waits for the next start") {
  boost::asio::io_context loop;
  tasks::SurveyResponseTrigger trigger(nullptr);

  base::Result<std::string> body = support::run(loop, trigger.fetch(notice));

  REQUIRE_FALSE(body);
  CHECK(body.error().code.kind == base::Kind::transient);
  CHECK(body.error().message.find("R_1") != std::string::npos);
}

TEST_CASE("the loops of a response are items with their own ids, and are looked into without the loop's number") {
  tasks::SurveyResponseTrigger trigger(nullptr);
  const auto values = trigger.read(
      R"({"responseId":"R_1","values":{"3_QID3":9,"3_QID4_TEXT":"Kind"},"displayedFields":["1_QID3","3_QID3"]})");
  REQUIRE(values);
  const engine::Pipe loops{"lm", "Loops/QID3"};

  const auto items = (*values)->items(loops);

  REQUIRE(items);
  REQUIRE(items->size() == 2);
  CHECK(items->at(0).is_blank);
  CHECK(items->at(1).id == "3");
  CHECK(*(*values)->in_item(loops, items->at(1), "QID3/SelectedChoicesRecode") == base::number(9));
  CHECK(*(*values)->in_item(loops, items->at(1), "QID4/ChoiceTextEntryValue") == base::Value("Kind"));
  CHECK((*values)->in_item({"q", "QID5/Rows"}, items->at(1), "recode")->is_blank());
}
