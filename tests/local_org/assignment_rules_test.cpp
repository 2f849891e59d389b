// Who owns a record that was just made: by the org's assignment rules, as far as the call lets them decide.
#include <catch2/catch.hpp>

#include "tests/local_org/site_fixture.hpp"

using nlohmann::json;
using test::OrgSite;

namespace {

// An org whose cases go to María.
struct AssigningOrg : OrgSite {
  std::string maria;

  AssigningOrg() {
    ask("POST", "/_local/users", R"({"username": "maria@example.com"})");
    ask("PUT", "/_local/policies", R"({"assignment_rules": ["Case=maria@example.com"]})");
    maria = json::parse(query("SELECT Id FROM User WHERE Username = 'maria@example.com'").body)["records"][0]["Id"];
  }
  std::string owner_after(const std::string& object, const std::string& body, const std::string& header) {
    base::http::Headers headers;
    if (!header.empty()) headers.emplace_back("Sforce-Auto-Assign", header);
    const json made = json::parse(call("POST", "/sobjects/" + object, body, headers).body);
    return row(object, made.at("id").get<std::string>()).at("OwnerId");
  }
};

}  // namespace

TEST_CASE("a new case goes to whom the rule names, unless the call leaves the rules out") {
  AssigningOrg org;
  const std::string author = org.site.sessions().credentials().user_id;
  const std::string a_case = R"({"Subject": "Hello"})";

  for (const char* header : {"", "TRUE", "true", "01Qxx0000000001"})
    CHECK(org.owner_after("Case", a_case, header) == org.maria);
  for (const char* header : {"FALSE", "false"}) CHECK(org.owner_after("Case", a_case, header) == author);
}

TEST_CASE("objects without a rule stay with whoever made the record, and so does a record that is changed") {
  AssigningOrg org;
  const std::string author = org.site.sessions().credentials().user_id;
  CHECK(org.owner_after("Lead", R"({"LastName": "Reyes", "Company": "Acme"})", "TRUE") == author);
  CHECK(org.owner_after("Contact", R"({"LastName": "Reyes"})", "TRUE") == author);

  const std::string key = "/sobjects/Case/Sluice_Key__c/k1";
  org.call("PATCH", key, R"({"Subject": "Hello"})", {{"Sforce-Auto-Assign", "FALSE"}});
  org.call("PATCH", key, R"({"Subject": "Again"})", {{"Sforce-Auto-Assign", "TRUE"}});
  const json cases = json::parse(org.query("SELECT OwnerId, Subject FROM Case").body)["records"];
  REQUIRE(cases.size() == 1);
  CHECK(cases[0]["Subject"] == "Again");
  CHECK(cases[0]["OwnerId"] == author);
}

TEST_CASE("the log of calls tells what a call said of assignment and of duplicates") {
  AssigningOrg org;
  org.call("POST", "/sobjects/Case", R"({"Subject": "Hello"})",
           {{"Sforce-Auto-Assign", "FALSE"}, {"Sforce-Duplicate-Rule-Header", "allowSave=true"}});
  const json calls = json::parse(org.ask("GET", "/_local/calls?auto_assign=FALSE").body);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0]["duplicate_rule"] == "allowSave=true");
}
