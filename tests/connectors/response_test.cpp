// Survey responses as the platform's API gives them.
#include "connectors/survey/response.hpp"

#include <catch2/catch.hpp>

#include "base/json_reader.hpp"
#include "tests/support/fixture.hpp"

using connectors::survey::read_response;
using connectors::survey::Response;
using connectors::survey::response_invalid;

TEST_CASE("a response in the API's envelope is read into values, labels and displayed fields") {
  base::Result<Response> response = read_response(support::fixture("survey/promoter.json"));

  REQUIRE(response);
  CHECK(response->id == "R_1l9mcVuXubb4aGm");
  CHECK(response->recorded_date == "2026-05-01T07:25:37.114Z");
  CHECK(response->values.at("QID1") == base::number(10));
  CHECK(response->values.at("QID2") == base::Value(base::List{"1", "4"}));
  CHECK(response->values.at("QID3_TEXT") == base::Value("Great & fast"));
  CHECK(response->values.at("Segment") == base::Value("Gold"));
  CHECK(response->labels.at("QID4_1") == base::Value("Very satisfied"));
  CHECK(response->labels.at("QID2") == base::Value(base::List{"<b>Price</b>", "Other&nbsp;(please say)"}));
  CHECK(response->displayed.contains("QID8"));
  CHECK_FALSE(response->values.contains("QID8"));
  CHECK_FALSE(response->values.contains("requestId"));
}

TEST_CASE("a number keeps the text it was written with") {
  base::Result<Response> response = read_response(support::fixture("survey/promoter.json"));

  REQUIRE(response);
  CHECK(base::to_text(response->values.at("Spend")) == "1234.50");
}

TEST_CASE("a bare response is taken as well and may name its survey") {
  base::Result<Response> response = read_response(support::fixture("survey/bare.json"));

  REQUIRE(response);
  CHECK(response->id == "R_bare0000000001");
  CHECK(response->survey == "SV_nps");
  CHECK(response->values.at("QID3_TEXT") == base::Value(""));
}

TEST_CASE("members beside an enveloped response are not taken for the response's own") {
  base::Result<Response> response =
      read_response(R"({"meta":{"responseId":"R_no","values":{"QID1":1}},"result":{"responseId":"R_yes","values":{}},)"
                    R"("more":{"responseId":"R_no","values":{"QID1":1}}})");

  REQUIRE(response);
  CHECK(response->id == "R_yes");
  CHECK(response->values.empty());
}

TEST_CASE("what no answer looks like is kept apart from the values, as it came") {
  const std::string text = R"({"responseId":"R_1","values":{"a":null,"b":{"c":1.50,"k":[{"n":null}],"x":true},)"
                           R"("d":["v",["x"],"y",{"z":1}],"e":2,"f":[[]],"g":[1,"2"]},)"
                           R"("labels":{"d":["v",["x"]]},"displayedFields":["e",7]})";
  base::Result<Response> response = read_response(text);

  REQUIRE(response);
  CHECK(response->values.size() == 2);
  CHECK(response->values.at("e") == base::number(2));
  CHECK(response->values.at("g") == base::Value(base::List{base::number(1), "2"}));
  CHECK(response->nested.size() == 3);
  CHECK(response->nested.at("b").text == R"({"c":1.50,"k":[{"n":null}],"x":true})");
  CHECK(response->nested.at("d").text == R"(["v",["x"],"y",{"z":1}])");
  CHECK(response->nested.at("f").text == "[[]]");
  CHECK(response->displayed.size() == 1);

  const base::Result<Response> again = read_response(connectors::survey::to_json(*response));
  REQUIRE(again);
  CHECK(again->nested == response->nested);
  CHECK(again->values == response->values);
}

TEST_CASE("a document that is no response says all that it lacks") {
  struct Case {
    const char* json;
    const char* words;
  };
  const Case cases[] = {
      {"{}", "the response lacks 'responseId', the response's own id, and 'values', an object of its answers"},
      {R"({"responseId":"R_1"})", "the response lacks 'values', an object of its answers"},
      {R"({"responseId":"R_1","values":[1]})", "the response lacks 'values', an object of its answers"},
      {R"({"result":null,"meta":{"status":"Error","errorMessage":"gone"}})",
       "the response lacks 'responseId', the response's own id, and 'values', an object of its answers"},
      {"[]", "a response is a JSON object with 'responseId' and 'values'"},
  };
  for (const Case& one : cases) {
    base::Result<Response> response = read_response(one.json);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == response_invalid);
    CHECK(response.error().message == one.words);
  }
}

TEST_CASE("broken JSON is an error with its place, not a response") {
  base::Result<Response> response = read_response("{\"responseId\":\"R_1\",\n \"values\":{\"QID1\":01}}");

  REQUIRE_FALSE(response);
  CHECK(response.error().code == base::json_invalid);
}
