// What is left of a respondent in a response that was redacted: nothing that tells who it was.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/response_redaction.hpp"
#include "connectors/survey/response.hpp"

using app::redact_response;
using app::RedactedResponse;
using nlohmann::json;

namespace {

constexpr const char* answered = R"({
  "result": {
    "responseId": "R_1l9mcVuXubb4aGm",
    "values": {
      "startDate": "2026-05-01T07:20:11Z", "status": 0, "finished": 1, "_recordId": "R_1l9mcVuXubb4aGm",
      "ipAddress": "198.51.100.77", "locationLatitude": "48.13743", "locationLongitude": "11.57549",
      "recipientFirstName": "Ana", "recipientLastName": "Reyes", "recipientEmail": "reyes@example.org",
      "externalDataReference": "customer 4711", "userLanguage": "EN",
      "QID1": 10, "QID1_NPS_GROUP": 3, "QID2": ["1", "4"], "QID2_DO": ["4", "1", "2"],
      "QID3_TEXT": "Ask for Ana Reyes,\nroom 12", "QID4_1": "+1 (415) 555-2671", "QID4_2": "reyes@example.org",
      "QID5_TEXT": "", "QID6_1": "007",
      "Segment": "Gold", "Account": 4711000815, "Contact": "0035g00000XyZabAAF", "Born": "1984-02-29", "Site": "https://reyes.example.org/me"
    },
    "labels": { "QID1_NPS_GROUP": "Promoter", "QID2": ["Staff", "Price"], "Segment": "Gold" },
    "displayedFields": ["QID1", "QID3_TEXT"], "displayedValues": { "QID1": [0, 10] }
  },
  "meta": { "requestId": "r" }
})";

json values_of(const RedactedResponse& redacted) { return json::parse(redacted.response.text).at("values"); }

}  // namespace

TEST_CASE("nothing that tells of a person stays in a response") {
  const RedactedResponse redacted = redact_response(answered);

  for (const char* told : {"R_1l9mcVuXubb4aGm", "198.51.100.77", "48.13743", "11.57549", "Ana", "Reyes", "reyes",
                           "4711", "415", "2671", "Gold", "0035g00000XyZab", "1984", "room 12"}) {
    INFO(told << " in " << redacted.response.text);
    CHECK(redacted.response.text.find(told) == std::string::npos);
  }
}

TEST_CASE("choices, scores, times and what the platform says of the interview stay as they are") {
  const json before = json::parse(answered).at("result");
  const json values = values_of(redact_response(answered));

  for (const char* key : {"startDate", "status", "finished", "userLanguage", "QID1", "QID1_NPS_GROUP", "QID2",
                          "QID2_DO", "QID5_TEXT", "QID6_1"})
    CHECK(values.at(key) == before.at("values").at(key));
  const json now = json::parse(redact_response(answered).response.text);
  CHECK(now.at("labels").at("QID2") == before.at("labels").at("QID2"));
  CHECK(now.at("displayedValues") == before.at("displayedValues"));
}

TEST_CASE("a stand-in is of the kind that it stands for, and the same wherever that occurs") {
  const json values = values_of(redact_response(answered));

  CHECK(values.at("recipientEmail") == values.at("QID4_2"));
  CHECK(values.at("recipientEmail").get<std::string>().ends_with("@example.com"));
  CHECK(values.at("QID4_1").get<std::string>().size() == std::string("+1 (415) 555-2671").size());
  CHECK(values.at("QID4_1").get<std::string>().starts_with("+"));
  CHECK(values.at("QID3_TEXT").get<std::string>().size() == std::string("Ask for Ana Reyes,\nroom 12").size());
  CHECK(values.at("Account").is_number());
  CHECK(values.at("Contact").get<std::string>().starts_with("003"));
  CHECK(values.at("Contact").get<std::string>().size() == 15);
  CHECK(values.at("Born") == "2000-01-01");
  CHECK(values.at("Site").get<std::string>().starts_with("https://example.com/"));
  CHECK(values.at("_recordId") == json::parse(redact_response(answered).response.text).at("responseId"));
}

TEST_CASE("what is redacted is a response still, the same each time, and its keys are named") {
  const RedactedResponse redacted = redact_response(answered);

  CHECK(connectors::survey::read_response(redacted.response.text));
  CHECK(redact_response(answered).response.text == redacted.response.text);
  CHECK(std::find(redacted.keys.begin(), redacted.keys.end(), "Segment") != redacted.keys.end());
  CHECK(std::find(redacted.keys.begin(), redacted.keys.end(), "QID1") == redacted.keys.end());
}

TEST_CASE("a key that has to stay stays") {
  const RedactedResponse redacted = redact_response(answered, {"Segment"});

  CHECK(values_of(redacted).at("Segment") == "Gold");
  CHECK(std::find(redacted.keys.begin(), redacted.keys.end(), "Segment") == redacted.keys.end());
}

TEST_CASE("a sentence that begins with a date is no date, and what was piped into a wording is the respondent's") {
  const RedactedResponse redacted = redact_response(R"({
    "responseId": "R_1",
    "values": {"QID1_TEXT": "2026-05-01 Ana was here", "QID2_TEXT": 4915112345678, "QID3": 4915112345678, "QID4": 12.345,
               "Children": "[{\"name\":\"Ben\",\"age\":7}]", "One": "Ana", "Other": "Eve"},
    "labels": {"QID5": ["You wrote: 2026-05-01 Ana was here"]},
    "panel": {"name": "Ana"}
  })");

  INFO(redacted.response.text);
  for (const char* told : {"Ana", "was here", "Ben", "Eve", "151123"})
    CHECK(redacted.response.text.find(told) == std::string::npos);
  const json values = values_of(redacted);
  CHECK(values.at("QID4") == 12.345);
  const json children = json::parse(values.at("Children").get<std::string>());
  CHECK(children.at(0).at("age") == 7);
  CHECK(values.at("One") != values.at("Other"));
}
