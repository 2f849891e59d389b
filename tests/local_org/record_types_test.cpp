// Record types: what a user may give to a record, what a record gets, and what describe and queries tell of them.
#include <map>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/local_org/administered_org.hpp"

using nlohmann::json;
using test::Administered;

namespace {

// Of Case, as its describe file says.
const std::string complaint = "012Lo0000000001IAA";
const std::string praise = "012Lo0000000002IAA";

class OrgWithTypes : public Administered {
 public:
  using Administered::Administered;

  void grant(const json& of_case) {
    put("profiles", {{"name", "System Administrator"}, {"record_types", {{"Case", of_case}}}});
  }
  json type_of_new_case(const json& fields) { return row("Case", create("Case", fields.dump())).at("RecordTypeId"); }
  // developer name -> (available, default)
  std::map<std::string, std::pair<bool, bool>> described() {
    std::map<std::string, std::pair<bool, bool>> types;
    const json describe = json::parse(call("GET", "/sobjects/Case/describe").body);
    for (const json& one : describe.at("recordTypeInfos"))
      types[one["developerName"]] = {one["available"], one["defaultRecordTypeMapping"]};
    return types;
  }
};

}  // namespace

TEST_CASE("without a profile's word every record type may be used, and none is given by itself") {
  OrgWithTypes org;
  CHECK(org.type_of_new_case({{"Subject", "Hello"}}).is_null());
  CHECK(org.type_of_new_case({{"RecordTypeId", praise}}) == praise);
  CHECK(org.described() == std::map<std::string, std::pair<bool, bool>>{
                               {"Complaint", {true, false}}, {"Master", {true, true}}, {"Praise", {true, false}}});
}

TEST_CASE("a record that names no type gets the default of the user's profile") {
  OrgWithTypes org;
  org.grant({{"available", {"Complaint"}}, {"default", "Complaint"}});
  CHECK(org.type_of_new_case({{"Subject", "Hello"}}) == complaint);
  CHECK(org.described() == std::map<std::string, std::pair<bool, bool>>{
                               {"Complaint", {true, true}}, {"Master", {true, false}}, {"Praise", {false, false}}});
}

TEST_CASE("a record type that is not granted is refused, in a new record and in a changed one") {
  OrgWithTypes org;
  const std::string known = org.create("Case", R"({"Subject":"Hello"})");
  org.grant({{"available", {"Complaint"}}});
  const json refusal{{"message", "Record Type ID: this ID value isn't valid for the user: " + praise},
                     {"errorCode", "INVALID_CROSS_REFERENCE_KEY"},
                     {"fields", {"RecordTypeId"}}};
  const std::string body = json{{"RecordTypeId", praise.substr(0, 15)}}.dump();
  const base::http::Response created = org.call("POST", "/sobjects/Case", body);
  CHECK(created.status == 400);
  CHECK(json::parse(created.body)[0] == refusal);
  CHECK(json::parse(org.call("PATCH", "/sobjects/Case/" + known, body).body)[0] == refusal);
  CHECK(org.row("Case", known)["RecordTypeId"].is_null());
}

TEST_CASE("a permission set grants record types beside the profile's, but no default") {
  OrgWithTypes org;
  org.grant({{"available", {"Complaint"}}, {"default", "Complaint"}});
  org.put("permission_sets",
          {{"name", "Praises"}, {"record_types", {{"Case", {{"available", {"Praise"}}, {"default", "Praise"}}}}}});
  org.give({{"username", org.site.sessions().credentials().username}, {"permission_sets", {"Praises"}}});
  CHECK(org.described()["Praise"] == std::pair(true, false));
  CHECK(org.type_of_new_case({{"RecordTypeId", praise}}) == praise);
  CHECK(org.type_of_new_case({{"Subject", "Hello"}}) == complaint);
}

TEST_CASE("the master type can be asked for, and an id of something else is none") {
  OrgWithTypes org;
  org.grant({{"available", {"Complaint"}}, {"default", "Complaint"}});
  CHECK(org.type_of_new_case({{"RecordTypeId", "012000000000000AAA"}}).is_null());
  const auto error_code = [&](const std::string& id) {
    return json::parse(org.call("POST", "/sobjects/Case", json{{"RecordTypeId", id}}.dump()).body)[0]["errorCode"];
  };
  CHECK(error_code("001Lo0000000001IAA") == "INVALID_CROSS_REFERENCE_KEY");
  CHECK(error_code("complaint") == "MALFORMED_ID");
}

TEST_CASE("record types can be queried, also those that the user may not use") {
  OrgWithTypes org;
  org.grant({{"available", {"Complaint"}}});
  const json found = json::parse(
      org.query("SELECT Id, DeveloperName, Name, SobjectType, IsActive FROM RecordType WHERE SobjectType = 'Case' "
                "ORDER BY DeveloperName")
          .body)["records"];
  REQUIRE(found.size() == 2);
  CHECK(found[0]["Id"] == complaint);
  CHECK(found[1]["DeveloperName"] == "Praise");
  CHECK(found[1]["Name"] == "Praise");
  CHECK(found[1]["SobjectType"] == "Case");
  CHECK(found[1]["IsActive"] == true);
  org.create("Case", json{{"RecordTypeId", complaint}}.dump());
  CHECK(json::parse(
            org.query("SELECT RecordType.DeveloperName FROM Case").body)["records"][0]["RecordType"]["DeveloperName"] ==
        "Complaint");
}

TEST_CASE("an inactive record type is told, and given to no record") {
  local_org::Schema schema = local_org::standard_schema();
  json describe = json::parse(schema.find("Case")->describe);
  describe["recordTypeInfos"][1]["active"] = false;
  schema.add(describe.dump());
  OrgWithTypes org{{}, std::move(schema)};
  CHECK(org.described()["Praise"] == std::pair(false, false));
  CHECK(org.call("POST", "/sobjects/Case", json{{"RecordTypeId", praise}}.dump()).status == 400);
  CHECK(json::parse(org.query("SELECT Id FROM RecordType WHERE IsActive = false").body)["records"].size() == 1);
}

TEST_CASE("a profile's record types must be the object's, and its default one of the available") {
  OrgWithTypes org;
  CHECK(
      org.refusal("profiles", {{"name", "System Administrator"},
                               {"record_types", {{"Case", {{"available", {"Compliant"}}, {"default", "Praise"}}}}}}) ==
      "/record_types/Case: there is no record type of Case 'Compliant'; meant 'Complaint'?\n"
      "/record_types/Case: 'default' is one of the available");
}
