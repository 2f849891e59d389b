// Events of the survey platform's subscriptions; the signed ones are vectors published by users of the platform.
#include "connectors/survey/platform_event.hpp"

#include <catch2/catch.hpp>

using connectors::survey::event_invalid;
using connectors::survey::event_signature_wrong;
using connectors::survey::PlatformEvent;
using connectors::survey::read_platform_event;
using connectors::survey::read_stored_event;

namespace {

const base::Secret shared_key{"kyma4ever"};

const std::string signed_event =
    "HMAC="
    "5db5cd1e0200e9ce6831ea0f1924beb97f136939e367c53f5af8f7d79c6727af495cb90d6c744fe72ab45efd9f9f2ba7c15b13fdf6565af3"
    "d5a4f50ed2c0c7d4&MSG=%7B%22Status%22%3A%22Complete%22%2C%22SurveyID%22%3A%22SV_22VlHYNeldrrrkp%22%2C%22ResponseID%"
    "22%"
    "3A%22R_1l9mcVuXubb4aGm%22%2C%22CompletedDate%22%3A%222019-06-26%2013%3A28%3A11%22%2C%22BrandID%22%3A%"
    "22sapdevelopment"
    "%22%7D&Topic=sapdevelopment.surveyengine.completedResponse.SV_22VlHYNeldrrrkp&undefined=";

const std::string older_event =
    "Topic=sapdevelopment.surveyengine.completedResponse.SV_1AmkKSDmoZ4XlQx&MSG=%7B%22Status%22%3A%22Complete%22%2C%22"
    "SurveyID%22%3A%22SV_1AmkKSDmoZ4XlQx%22%2C%22ResponseID%22%3A%22R_0B7IcnXszjEUHLP%22%2C%22CompletedDate%22%3A%"
    "222019-"
    "06-25+07%3A58%3A25%22%2C%22BrandID%22%3A%22sapdevelopment%22%7D&HMAC="
    "C2C585A404C239AA3063B462CC33551D3ED3ED2DE0899F58D456FC0EF7EBEF6F3C3AF44957989BD0592603E41EDDE9528F7D9ED09EE128BF71"
    "9AA1"
    "2F46E5C598";

const std::string plain_event =
    "Topic=usc.surveyengine.completedResponse.SV_37SzcRddmWjbkkl&Status=Complete&SurveyID=SV_37SzcRddmWjbkkl&"
    "ResponseID=R_bpb570AzHDluoGl&CompletedDate=2019-09-06+23%3A08%3A09&BrandID=usc";

}  // namespace

TEST_CASE("a signed event is taken under its shared key, a stray pair ignored") {
  base::Result<PlatformEvent> event = read_platform_event(signed_event, shared_key);

  REQUIRE(event);
  CHECK(event->topic == "sapdevelopment.surveyengine.completedResponse.SV_22VlHYNeldrrrkp");
  CHECK(event->status == "Complete");
  CHECK(event->survey_id == "SV_22VlHYNeldrrrkp");
  CHECK(event->response_id == "R_1l9mcVuXubb4aGm");
  CHECK(event->completed_date == "2019-06-26 13:28:11");
}

TEST_CASE("blanks written as + and an HMAC in capitals are the same event") {
  base::Result<PlatformEvent> event = read_platform_event(older_event, shared_key);

  REQUIRE(event);
  CHECK(event->response_id == "R_0B7IcnXszjEUHLP");
}

TEST_CASE("an event whose signature does not fit is refused") {
  std::string other_response = signed_event;
  other_response.replace(other_response.find("R_1l9"), 5, "R_2l9");

  const std::pair<std::string, base::Secret> cases[] = {
      {signed_event, base::Secret{"kyma4everx"}},
      {other_response, shared_key},
      {signed_event.substr(signed_event.find('&') + 1), shared_key},  // without HMAC
      {"HMAC=&" + signed_event.substr(signed_event.find('&') + 1), shared_key},
      {plain_event, shared_key},
  };
  for (const auto& [body, key] : cases) {
    base::Result<PlatformEvent> event = read_platform_event(body, key);
    REQUIRE_FALSE(event);
    CHECK(event.error().code == event_signature_wrong);
    CHECK(event.error().message.find("kyma4ever") == std::string::npos);
  }
}

TEST_CASE("without a shared key the unsigned shape is taken") {
  base::Result<PlatformEvent> event = read_platform_event(plain_event, base::Secret{});

  REQUIRE(event);
  CHECK(event->topic == "usc.surveyengine.completedResponse.SV_37SzcRddmWjbkkl");
  CHECK(event->survey_id == "SV_37SzcRddmWjbkkl");
  CHECK(event->response_id == "R_bpb570AzHDluoGl");
  CHECK(event->completed_date == "2019-09-06 23:08:09");
}

TEST_CASE("a stored message gives the same event again") {
  for (const std::string& body : {signed_event, plain_event}) {
    base::Result<PlatformEvent> event = read_platform_event(body, base::Secret{});
    REQUIRE(event);

    base::Result<PlatformEvent> again = read_stored_event(event->message);

    REQUIRE(again);
    CHECK(again->survey_id == event->survey_id);
    CHECK(again->response_id == event->response_id);
    CHECK(again->completed_date == event->completed_date);
    CHECK(again->message == event->message);
  }
}

TEST_CASE("an event that says too little is refused") {
  for (const char* body : {"", "Topic=a", "MSG=%7B", "MSG=%7B%7D", "MSG=%7B%22SurveyID%22%3A%22SV_1%22%7D", "MSG=%zz",
                           "SurveyID=SV_1&Status=Complete", "ResponseID=R_1"}) {
    INFO(body);
    base::Result<PlatformEvent> event = read_platform_event(body, base::Secret{});
    REQUIRE_FALSE(event);
    CHECK(event.error().code == event_invalid);
  }
}

TEST_CASE("an event's topic says whether a response is there, and whether it is whole") {
  struct Case {
    const char* topic;
    bool is_taken, is_partial;
  };
  const Case cases[] = {
      {"", true, false},
      {"surveyengine.completedResponse.SV_1", true, false},
      {"acme.surveyengine.completedResponse.SV_1", true, false},
      {"acme.surveyengine.partialResponse.SV_1", true, true},
      {"acme.controlpanel.activateSurvey", false, false},
      {"acme.threesixty.created", false, false},
  };
  for (const Case& example : cases) {
    INFO(example.topic);
    const std::string pairs = "SurveyID=SV_1&ResponseID=R_1&Status=Complete&Topic=" + std::string(example.topic);
    const base::Result<PlatformEvent> event = read_platform_event(pairs, base::Secret{});
    CHECK(static_cast<bool>(event) == example.is_taken);
    if (event) CHECK(event->is_partial == example.is_partial);
  }
}
