// The REST API as clients see it: statuses, bodies, headers.
#include <catch2/catch.hpp>

#include "local_org/pretty_json.hpp"
#include "tests/local_org/site_fixture.hpp"

using nlohmann::json;
using test::OrgSite;

namespace {

std::string header(const base::http::Response& response, std::string_view name) {
  return std::string(base::http::find_header(response.headers, name).value_or(""));
}

}  // namespace

TEST_CASE("the versions are listed in order, to everybody and without being counted") {
  OrgSite org;
  const base::http::Response response = org.ask("GET", "/services/data");
  const json versions = json::parse(response.body);
  CHECK(versions.size() == 36);
  CHECK(versions.front() == json{{"label", "Summer '14"}, {"url", "/services/data/v31.0"}, {"version", "31.0"}});
  CHECK(versions[11]["label"] == "Spring ’18");
  CHECK(versions.back()["version"] == "66.0");
  CHECK(header(response, "sforce-limit-info") == "");
}

TEST_CASE("a record is made, read, changed and deleted") {
  OrgSite org;
  const base::http::Response created = org.call("POST", "/sobjects/Contact", R"({"LastName":"Reyes"})");
  const json answer = json::parse(created.body);
  const std::string id = answer["id"];
  CHECK(created.status == 201);
  CHECK(answer == json{{"id", id}, {"success", true}, {"errors", json::array()}});
  CHECK(id.size() == 18);
  CHECK(id.substr(0, 3) == "003");
  CHECK(header(created, "location") == "/services/data/v66.0/sobjects/Contact/" + id);

  CHECK(org.call("PATCH", "/sobjects/Contact/" + id.substr(0, 15), R"({"MailingCity":"Rome"})").status == 204);
  CHECK(org.call("POST", "/sobjects/Contact/" + id + "?_HttpMethod=PATCH", R"({"Title":"Dr"})").status == 204);
  const base::http::Response read = org.call("GET", "/sobjects/Contact/" + id);
  CHECK_THAT(read.body, Catch::Matchers::StartsWith(
                            R"({"attributes":{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/)" + id +
                            R"("},"Id":")" + id + "\""));
  const json row = json::parse(read.body);
  CHECK(row["Title"] == "Dr");
  CHECK(row["Email"] == nullptr);
  CHECK(row["MailingAddress"]["city"] == "Rome");
  CHECK(row["OtherAddress"]["street"] == nullptr);

  CHECK(org.call("DELETE", "/sobjects/Contact/" + id).status == 204);
  CHECK(org.call("DELETE", "/sobjects/Contact/" + id).body ==
        R"([{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED","fields":[]}])");
}

TEST_CASE("a row can be cut to some fields") {
  OrgSite org;
  const std::string id = org.create("Contact", R"({"LastName":"Reyes"})");
  const json row = json::parse(org.call("GET", "/sobjects/Contact/" + id + "?fields=LastName,email").body);
  CHECK(row.size() == 4);
  CHECK(row["LastName"] == "Reyes");
  CHECK(row["Email"] == nullptr);
  CHECK(row["Id"] == id);
}

TEST_CASE("an upsert makes the record once and changes it afterwards") {
  OrgSite org;
  const std::string path = "/sobjects/Survey_Response__c/Response_Id__c/R%2F1";
  const base::http::Response first = org.call("PATCH", path, R"({"Score__c":9})");
  const json made = json::parse(first.body);
  CHECK(first.status == 201);
  CHECK(made["created"] == true);
  CHECK(header(first, "location") ==
        "/services/data/v66.0/sobjects/Survey_Response__c/" + made["id"].get<std::string>());
  CHECK(org.row("Survey_Response__c", made["id"].get<std::string>())["Response_Id__c"] == "R/1");

  const base::http::Response second = org.call("PATCH", path, R"({"Score__c":2})");
  CHECK(second.status == 200);
  CHECK(json::parse(second.body) ==
        json{{"id", made["id"]}, {"success", true}, {"errors", json::array()}, {"created", false}});
  CHECK(org.row("Survey_Response__c", made["id"].get<std::string>())["Score__c"] == 2.0);
}

TEST_CASE("an upsert up to v45 that changes a record answers 204") {
  OrgSite org;
  const base::http::Headers token{{"Authorization", "Bearer " + org.site.sessions().credentials().access_token}};
  const std::string path = "/services/data/v45.0/sobjects/Survey_Response__c/Response_Id__c/R1";
  CHECK(org.ask("PATCH", path, "{}", token).status == 201);
  CHECK(org.ask("PATCH", path, "{}", token).status == 204);
}

TEST_CASE("an upsert that several records match writes nothing and lists them") {
  OrgSite org;
  const std::string body = R"({"LastName":"Reyes","Email":"r@example.com"})";
  const std::string first = org.create("Contact", body);
  const std::string second = org.create("Contact", body);
  const base::http::Response response =
      org.call("PATCH", "/sobjects/Contact/Email/r%40example.com", R"({"LastName":"X"})");
  CHECK(response.status == 300);
  CHECK(json::parse(response.body) ==
        json{"/services/data/v66.0/sobjects/Contact/" + first, "/services/data/v66.0/sobjects/Contact/" + second});
  CHECK(org.row("Contact", first)["LastName"] == "Reyes");
}

TEST_CASE("an upsert by Id changes, and updateOnly makes nothing") {
  OrgSite org;
  const std::string id = org.create("Contact", R"({"LastName":"Reyes"})");
  CHECK(org.call("PATCH", "/sobjects/Contact/Id/" + id, R"({"Title":"Dr"})").status == 200);
  CHECK(org.call("PATCH", "/sobjects/Survey_Response__c/Response_Id__c/R1?updateOnly=true", "{}").status == 404);
  CHECK(org.query("SELECT COUNT() FROM Survey_Response__c").body == R"({"totalSize":0,"done":true,"records":[]})");
}

TEST_CASE("a request that leads nowhere is refused in Salesforce's words") {
  struct Case {
    std::string method;
    std::string path;
    std::string body;
    int status;
    std::string answer;
  };
  const std::string nowhere = R"([{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}])";
  const Case wrong = GENERATE_COPY(
      Case{"GET", "/nowhere", "", 404, nowhere}, Case{"GET", "/sobjects/Nope", "", 404, nowhere},
      Case{"GET", "/sobjects/Contact/003Lo0000000009", "", 404, nowhere},
      Case{
          "GET", "/sobjects/Contact/23foo", "", 404,
          R"([{"message":"Provided external ID field does not exist or is not accessible: 23foo","errorCode":"NOT_FOUND"}])"},
      Case{
          "PATCH", "/sobjects/Contact/Namez/a", "{}", 404,
          R"([{"message":"Provided external ID field does not exist or is not accessible: Namez","errorCode":"NOT_FOUND"}])"},
      Case{"PATCH", "/sobjects/Contact/003Lo0000000009", R"({"Title":"x"})", 404,
           R"([{"message":"invalid cross reference id","errorCode":"INVALID_CROSS_REFERENCE_KEY","fields":[]}])"},
      Case{
          "PATCH", "/sobjects/Contact/001Lo0000000009", "{}", 400,
          R"([{"message":"Contact ID: id value of incorrect type: 001Lo0000000009","errorCode":"MALFORMED_ID","fields":["Id"]}])"},
      Case{
          "PATCH", "/sobjects/Survey_Response__c/Response_Id__c/R1", R"({"Response_Id__c":"R1"})", 400,
          R"([{"message":"The Response_Id__c field should not be specified in the sobject data.","errorCode":"INVALID_FIELD"}])"},
      Case{
          "DELETE", "/sobjects/Contact", "", 405,
          R"([{"message":"HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET,POST","errorCode":"METHOD_NOT_ALLOWED"}])"});
  OrgSite org;
  CAPTURE(wrong.method, wrong.path);
  const base::http::Response response = org.call(wrong.method, wrong.path, wrong.body);
  CHECK(response.status == wrong.status);
  CHECK(response.body == wrong.answer);
}

TEST_CASE("describe answers with the object's file under the version that was asked for") {
  OrgSite org;
  const json describe = json::parse(org.call("GET", "/sobjects/Survey_Response__c/describe").body);
  CHECK(describe["urls"]["sobject"] == "/services/data/v66.0/sobjects/Survey_Response__c");
  CHECK(describe["keyPrefix"] == "a00");
  CHECK(describe["recordTypeInfos"][0]["recordTypeId"] == "012000000000000AAA");
  const json global = json::parse(org.call("GET", "/sobjects").body);
  CHECK(global["maxBatchSize"] == 200);
  CHECK(global["sobjects"].size() == local_org::standard_schema().objects().size());
  CHECK_FALSE(global["sobjects"][0].contains("fields"));
  CHECK(json::parse(org.call("GET", "/sobjects/contact").body)["objectDescribe"]["name"] == "Contact");
}

TEST_CASE("calls are counted against the day's limit") {
  OrgSite org;
  org.call("GET", "/limits");
  const base::http::Response response = org.call("GET", "/limits");
  CHECK(header(response, "Sforce-Limit-Info") == "api-usage=2/15000");
  CHECK(json::parse(response.body)["DailyApiRequests"] == json{{"Max", 15000}, {"Remaining", 14998}});
}

TEST_CASE("repeated slashes count as one and unknown versions lead nowhere") {
  OrgSite org;
  const base::http::Headers token{{"Authorization", "OAuth " + org.site.sessions().credentials().access_token}};
  CHECK(org.ask("GET", "/services/data/v51.0//limits", "", token).status == 200);
  CHECK(org.ask("GET", "/services/data/v30.0/limits", "", token).status == 404);
  CHECK(org.ask("GET", "/services/data/x/limits", "", token).status == 404);
  base::http::ServerRequest encoded;
  encoded.method = "GET";
  encoded.target = "/services%2Fdata";
  encoded.path = "/services/data";
  CHECK(org.site.answer(encoded).status == 404);
}

TEST_CASE("a call without a live token is turned away") {
  OrgSite org;
  const std::string refused = R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])";
  CHECK(org.ask("GET", "/services/data/v66.0/limits").body == refused);
  CHECK(org.ask("GET", "/services/data/v66.0/limits", "", {{"Authorization", "Bearer 00Dx!y"}}).status == 401);
  CHECK(org.ask("GET", "/services/data/v66.0/limits", "", {{"Authorization", "Basic eA=="}}).body ==
        R"([{"message":"INVALID_HEADER_TYPE","errorCode":"INVALID_AUTH_HEADER"}])");
}

TEST_CASE("an address over 16,384 bytes is too long, with its headers too") {
  OrgSite org;
  CHECK(org.call("GET", "/query?q=" + std::string(16'384, 'x')).status == 414);
  CHECK(org.call("GET", "/query?q=" + std::string(16'300, 'x')).status == 431);
}

TEST_CASE("other content than JSON is not read") {
  OrgSite org;
  const base::http::Headers form{{"Authorization", "Bearer " + org.site.sessions().credentials().access_token},
                                 {"Content-Type", "application/x-www-form-urlencoded"}};
  const base::http::Response response = org.ask("POST", "/services/data/v66.0/sobjects/Contact", "a=b", form);
  CHECK(response.status == 415);
  CHECK(json::parse(response.body)[0]["errorCode"] == "UNSUPPORTED_MEDIA_TYPE");
}

TEST_CASE("answers are indented on request") {
  OrgSite org;
  const base::http::Response response =
      org.call("POST", "/sobjects/Contact", R"({"LastName":"a\"{,"})", {{"X-PrettyPrint", "1"}});
  const std::string id = json::parse(response.body)["id"];
  CHECK(response.body == "{\n  \"id\" : \"" + id + "\",\n  \"success\" : true,\n  \"errors\" : [ ]\n}");
  const base::http::Response row = org.call("GET", "/sobjects/Contact/" + id, "", {{"X-PrettyPrint", "1"}});
  CHECK(json::parse(row.body) == org.row("Contact", id));
}

TEST_CASE("lists stay on the line and their records break it") {
  CHECK(
      local_org::pretty_json(R"({"a":[{"b":"x,{"},{"c":[]}],"d":[1,2],"e":{}})") ==
      "{\n  \"a\" : [ {\n    \"b\" : \"x,{\"\n  }, {\n    \"c\" : [ ]\n  } ],\n  \"d\" : [ 1, 2 ],\n  \"e\" : { }\n}");
}

TEST_CASE("a Chatter post becomes a feed item, in both of its forms") {
  OrgSite org;
  const std::string contact = org.create("Contact", R"({"LastName":"Reyes"})");
  const std::string user = org.site.sessions().credentials().user_id;
  const json body{
      {"feedElementType", "FeedItem"},
      {"subjectId", contact},
      {"body",
       {{"messageSegments", {{{"type", "Text"}, {"text", "Low score, "}}, {{"type", "Mention"}, {"id", user}}}}}}};
  const base::http::Response posted = org.call("POST", "/chatter/feed-elements", body.dump());
  const json element = json::parse(posted.body);
  CHECK(posted.status == 201);
  CHECK(element["body"]["text"] == "Low score, @Integration User");
  CHECK(element["parent"]["id"] == contact);
  CHECK(element["id"].get<std::string>().substr(0, 3) == "0D5");

  const base::http::Response second =
      org.call("POST", "/chatter/feed-elements?feedElementType=FeedItem&subjectId=me&text=Hello+there");
  CHECK(second.status == 201);
  const json items = json::parse(org.query("SELECT ParentId, Body, Type FROM FeedItem").body)["records"];
  REQUIRE(items.size() == 2);
  CHECK(items[0]["Body"] == "Low score, @Integration User");
  CHECK(items[1]["ParentId"] == user);
  CHECK(items[1]["Body"] == "Hello there");
}
