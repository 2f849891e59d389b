// Rights that are missing restrict: what is not there for a user, what it may not write, and in which words it is told.
#include <catch2/catch.hpp>

#include "tests/local_org/administered_org.hpp"

using nlohmann::json;
using test::Administered;

namespace {

json refusal_in(const base::http::Response& response) {
  const json errors = json::parse(response.body);
  json error = errors.at(0);
  error["status"] = response.status;
  return error;
}

const json unwritable_email{
    {"status", 400},
    {"errorCode", "INVALID_FIELD_FOR_INSERT_UPDATE"},
    {"message",
     "Unable to create/update fields: Email. Please check the security settings of this field and verify that it is "
     "read/write for your profile or permission set."},
    {"fields", {"Email"}}};

const json read_only{{"status", 403},
                     {"errorCode", "INSUFFICIENT_ACCESS_OR_READONLY"},
                     {"message", "insufficient access rights on object id"},
                     {"fields", json::array()}};

}  // namespace

TEST_CASE("an org without the API, and a user without it, are told apart") {
  Administered org;
  org.put("policies", {{"api_enabled", false}});
  CHECK(refusal_in(org.call("GET", "/limits")) ==
        json{{"status", 403},
             {"errorCode", "API_DISABLED_FOR_ORG"},
             {"message", "API is not enabled for this Organization or Partner"}});
  org.put("policies", {{"api_enabled", true}});
  org.put("profiles", {{"name", "System Administrator"}, {"system", {{"PermissionsApiEnabled", false}}}});
  CHECK(refusal_in(org.call("POST", "/sobjects/Contact", R"({"LastName":"Reyes"})")) ==
        json{{"status", 403}, {"errorCode", "API_CURRENTLY_DISABLED"}, {"message", "API is disabled for this user"}});
  org.put("profiles", {{"name", "System Administrator"}, {"system", {{"PermissionsApiEnabled", true}}}});
  CHECK(org.call("GET", "/limits").status == 200);
}

TEST_CASE("an object that a user may not read is not there") {
  Administered org;
  const std::string account = org.create("Account", R"({"Name":"Acme"})");
  org.withdraw({{"objects", {{"Account", {{"read", false}}}}}});
  const json not_found{
      {"status", 404}, {"errorCode", "NOT_FOUND"}, {"message", "The requested resource does not exist"}};
  CHECK(refusal_in(org.call("GET", "/sobjects/Account/" + account)) == not_found);
  CHECK(refusal_in(org.call("GET", "/sobjects/Account/describe")) == not_found);
  CHECK(refusal_in(org.call("POST", "/sobjects/Account", R"({"Name":"Acme"})")) == not_found);
  CHECK(refusal_in(org.call("PATCH", "/sobjects/Account/" + account, R"({"Name":"Acme"})")) == not_found);
  const base::http::Response query = org.query("SELECT Id FROM Account");
  CHECK(refusal_in(query)["errorCode"] == "INVALID_TYPE");
  CHECK(refusal_in(query)["message"].get<std::string>().find(
            "sObject type 'Account' is not supported. If you are attempting to use a custom object, be sure to append "
            "the '__c'") != std::string::npos);
  const json all = json::parse(org.call("GET", "/sobjects").body).at("sobjects");
  CHECK(std::none_of(all.begin(), all.end(), [](const json& entry) { return entry["name"] == "Account"; }));
  CHECK(json::parse(org.call("GET", "/limits/recordCount?sObjects=Account").body) == json{{"sObjects", json::array()}});
}

TEST_CASE("a parent that a user may not read can be neither queried nor pointed at") {
  Administered org;
  const std::string account = org.create("Account", R"({"Name":"Acme"})");
  org.withdraw({{"objects", {{"Account", {{"read", false}}}}}});
  CHECK(refusal_in(org.query("SELECT Account.Name FROM Contact"))["errorCode"] == "INVALID_FIELD");
  CHECK(refusal_in(org.query("SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account)"))["errorCode"] ==
        "INVALID_TYPE");
  CHECK(refusal_in(org.call("POST", "/sobjects/Contact", json{{"LastName", "Reyes"}, {"AccountId", account}}.dump())) ==
        json{{"status", 400},
             {"errorCode", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"},
             {"message", "insufficient access rights on cross-reference id: " + account.substr(0, 15)},
             {"fields", json::array()}});
}

TEST_CASE("a field that a user may not read is no column of the object") {
  Administered org;
  const std::string contact = org.create("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  org.withdraw({{"fields", {{"Contact.Email", {{"read", false}}}}}});
  for (const char* soql : {"SELECT Email FROM Contact", "SELECT Id FROM Contact WHERE Email = 'reyes@example.com'",
                           "SELECT Id FROM Contact ORDER BY Email"}) {
    CAPTURE(soql);
    const json error = refusal_in(org.query(soql));
    CHECK(error["errorCode"] == "INVALID_FIELD");
    CHECK(error["message"].get<std::string>().find(
              "No such column 'Email' on entity 'Contact'. If you are attempting to use a custom field, be sure to "
              "append the '__c'") != std::string::npos);
  }
  CHECK(org.query("SELECT FIELDS(ALL) FROM Contact LIMIT 1").body.find("\"Email\"") == std::string::npos);
  CHECK_FALSE(org.row("Contact", contact).contains("Email"));
  const json no_such_column{{"status", 400},
                            {"errorCode", "INVALID_FIELD"},
                            {"message", "No such column 'Email' on sobject of type Contact"}};
  CHECK(refusal_in(org.call("GET", "/sobjects/Contact/" + contact + "?fields=Email")) == no_such_column);
  CHECK(refusal_in(org.call("PATCH", "/sobjects/Contact/" + contact, R"({"Email":"ana@example.com"})")) ==
        no_such_column);
}

TEST_CASE("a field that a user may only read is refused in a write, and nothing is written") {
  Administered org;
  const std::string contact = org.create("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  org.withdraw({{"fields", {{"Contact.Email", {{"edit", false}}}}}});
  CHECK(refusal_in(org.call("POST", "/sobjects/Contact", R"({"LastName":"Silva","Email":"silva@example.com"})")) ==
        unwritable_email);
  CHECK(refusal_in(org.call("PATCH", "/sobjects/Contact/" + contact, R"({"Phone":"1","Email":"x@example.com"})")) ==
        unwritable_email);
  CHECK(json::parse(org.query("SELECT Phone, Email FROM Contact").body)["records"].size() == 1);
  CHECK(org.row("Contact", contact)["Email"] == "reyes@example.com");
  CHECK(org.row("Contact", contact)["Phone"].is_null());
}

TEST_CASE("who may not create, edit or delete is refused each on its own") {
  Administered org;
  const std::string contact = org.create("Contact", R"({"LastName":"Reyes"})");
  const std::string path = "/sobjects/Contact/" + contact;
  SECTION("create") {
    org.withdraw({{"objects", {{"Contact", {{"create", false}}}}}});
    // Not in the words of a missing right: an object looks like one that nobody can create.
    CHECK(refusal_in(org.call("POST", "/sobjects/Contact", R"({"LastName":"Silva"})")) ==
          json{{"status", 400},
               {"errorCode", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"},
               {"message", "entity type cannot be inserted: Contact"},
               {"fields", json::array()}});
    CHECK(org.call("PATCH", path, R"({"Phone":"1"})").status == 204);
    CHECK(org.call("DELETE", path).status == 204);
  }
  SECTION("edit, and with it delete") {
    org.withdraw({{"objects", {{"Contact", {{"edit", false}}}}}});
    CHECK(refusal_in(org.call("PATCH", path, R"({"Phone":"1"})")) == read_only);
    CHECK(refusal_in(org.call("DELETE", path)) == read_only);
    CHECK(org.call("POST", "/sobjects/Contact", R"({"LastName":"Silva"})").status == 201);
  }
  SECTION("delete") {
    org.withdraw({{"objects", {{"Contact", {{"delete", false}}}}}});
    CHECK(refusal_in(org.call("DELETE", path)) == read_only);
    CHECK(org.call("PATCH", path, R"({"Phone":"1"})").status == 204);
  }
}

TEST_CASE("an upsert needs the right to create where there is no record, and to edit where there is one") {
  Administered org;
  const std::string known = "/sobjects/Survey_Response__c/Response_Id__c/R_1";
  const std::string unknown = "/sobjects/Survey_Response__c/Response_Id__c/R_2";
  org.create("Survey_Response__c", R"({"Response_Id__c":"R_1"})");
  SECTION("create only") {
    org.withdraw({{"objects", {{"Survey_Response__c", {{"edit", false}}}}}});
    CHECK(refusal_in(org.call("PATCH", known, R"({"Score__c":9})")) == read_only);
    CHECK(org.call("PATCH", unknown, R"({"Score__c":9})").status == 201);
  }
  SECTION("edit only") {
    org.withdraw({{"objects", {{"Survey_Response__c", {{"create", false}}}}}});
    CHECK(org.call("PATCH", known, R"({"Score__c":9})").status == 200);
    CHECK(refusal_in(org.call("PATCH", unknown, R"({"Score__c":9})"))["errorCode"] ==
          "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
  }
  SECTION("the key is a field like others") {
    org.withdraw({{"fields", {{"Survey_Response__c.Response_Id__c", {{"read", false}}}}}});
    CHECK(refusal_in(org.call("PATCH", known, R"({"Score__c":9})")) ==
          json{{"status", 404},
               {"errorCode", "NOT_FOUND"},
               {"message", "Provided external ID field does not exist or is not accessible: Response_Id__c"}});
  }
}

TEST_CASE("describe shows what the user may, and leaves out what it may not read") {
  Administered org;
  const auto describe = [&] { return json::parse(org.call("GET", "/sobjects/Contact/describe").body); };
  const auto field = [](const json& object, std::string_view name) {
    for (const json& one : object.at("fields")) {
      if (one["name"] == name) return one;
    }
    return json();
  };
  CHECK(describe()["createable"] == true);
  CHECK(field(describe(), "Email")["updateable"] == true);
  org.withdraw({{"objects", {{"Contact", {{"create", false}, {"delete", false}}}, {"Case", {{"read", false}}}}},
                {"fields", {{"Contact.Email", {{"edit", false}}}, {"Contact.Phone", {{"read", false}}}}}});
  const json restricted = describe();
  CHECK(restricted["createable"] == false);
  CHECK(restricted["updateable"] == true);
  CHECK(restricted["deletable"] == false);
  CHECK(field(restricted, "Email")["createable"] == false);
  CHECK(field(restricted, "Email")["updateable"] == false);
  CHECK(field(restricted, "Phone").is_null());
  CHECK(field(restricted, "LastName")["updateable"] == true);
  for (const json& child : restricted.at("childRelationships")) CHECK(child["childSObject"] != "Case");
  CHECK(json::parse(org.call("GET", "/sobjects/Contact").body)["objectDescribe"]["createable"] == false);
}

TEST_CASE("a login from outside of the profile's ranges is refused, unless the app relaxes them") {
  Administered org;
  const auto known = org.site.sessions().credentials();
  const auto token = [&](std::string_view grant, std::string address) {
    return org.ask("POST", "/services/oauth2/token",
                   base::http::to_form({{"grant_type", std::string(grant)},
                                        {"client_id", known.client_id},
                                        {"client_secret", known.client_secret},
                                        {"refresh_token", known.refresh_token},
                                        {"username", known.username},
                                        {"password", known.password}}),
                   {{"X-Local-Source-Ip", std::move(address)}});
  };
  org.put("profiles", {{"name", "System Administrator"},
                       {"login_ip_ranges", {{{"startAddress", "198.51.100.0"}, {"endAddress", "198.51.100.255"}}}}});
  for (const char* grant : {"refresh_token", "client_credentials", "password"}) {
    CAPTURE(grant);
    CHECK(token(grant, "198.51.100.7").status == 200);
    const base::http::Response refusal = token(grant, "203.0.113.7");
    CHECK(refusal.status == 400);
    CHECK(json::parse(refusal.body) == json{{"error", "invalid_grant"}, {"error_description", "ip restricted"}});
  }
  org.put("policies", {{"ip_relaxation", "Enforce_relaxrefresh"}});
  CHECK(token("refresh_token", "203.0.113.7").status == 200);
  CHECK(token("password", "203.0.113.7").status == 400);
  org.put("policies", {{"ip_relaxation", "Bypass"}});
  CHECK(token("password", "203.0.113.7").status == 200);
}

TEST_CASE("login ranges bind a session only where the org enforces them on every request") {
  Administered org;
  org.put("profiles", {{"name", "System Administrator"},
                       {"login_ip_ranges", {{{"startAddress", "198.51.100.0"}, {"endAddress", "198.51.100.255"}}}}});
  const base::http::Headers outside{{"X-Local-Source-Ip", "203.0.113.7"}};
  CHECK(org.call("GET", "/limits", "", outside).status == 200);
  org.put("policies", {{"enforceIpRangesEveryRequest", true}});
  CHECK(refusal_in(org.call("GET", "/limits", "", outside))["errorCode"] == "INVALID_SESSION_ID");
  CHECK(org.call("GET", "/limits", "", {{"X-Local-Source-Ip", "198.51.100.7"}}).status == 200);
}

TEST_CASE("a browser outside of the login ranges is not let in") {
  Administered org;
  const auto known = org.site.sessions().credentials();
  org.put("profiles", {{"name", "System Administrator"},
                       {"login_ip_ranges", {{{"startAddress", "198.51.100.0"}, {"endAddress", "198.51.100.255"}}}}});
  const auto log_in = [&](std::string address) {
    return org
        .ask("POST", "/services/oauth2/authorize",
             base::http::to_form({{"response_type", "code"},
                                  {"client_id", known.client_id},
                                  {"redirect_uri", "http://127.0.0.1/back"},
                                  {"username", known.username},
                                  {"password", known.password},
                                  {"decision", "allow"}}),
             {{"X-Local-Source-Ip", std::move(address)}})
        .status;
  };
  CHECK(log_in("198.51.100.7") == 302);
  CHECK(log_in("203.0.113.7") == 200);  // the page again
}
