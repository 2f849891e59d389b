// The paths outside Salesforce's: what was called, what shall expire, what shall fail.
#include <catch2/catch.hpp>

#include "tests/local_org/site_fixture.hpp"

using nlohmann::json;
using test::OrgSite;

TEST_CASE("every call is logged with who made it") {
  OrgSite org;
  const auto& known = org.site.sessions().credentials();
  org.create("Contact", R"({"LastName":"Reyes"})");
  org.ask("GET", "/services/data/v66.0/sobjects/Contact");
  const json calls = json::parse(org.ask("GET", "/_local/calls").body);
  REQUIRE(calls.size() == 2);
  CHECK(calls[0] == json{{"number", 1},
                         {"at", "2026-01-05T12:00:00.000Z"},
                         {"method", "POST"},
                         {"path", "/services/data/v66.0/sobjects/Contact"},
                         {"status", 201},
                         {"user", known.username},
                         {"client_id", known.client_id},
                         {"grant", "initial"},
                         {"object", "Contact"},
                         {"auto_assign", ""},
                         {"duplicate_rule", ""},
                         {"fault", ""},
                         {"source_ip", ""},
                         {"generation", 0},
                         {"reuse", false},
                         {"error", ""}});
  CHECK(calls[1]["status"] == 401);
  CHECK(calls[1]["user"] == "");
  CHECK(json::parse(org.ask("GET", "/_local/calls?method=POST&object=Contact").body).size() == 1);
  CHECK(json::parse(org.ask("GET", "/_local/calls?after=1").body)[0]["number"] == 2);
  org.ask("DELETE", "/_local/calls");
  CHECK(org.ask("GET", "/_local/calls").body == "[]");
}

TEST_CASE("asking for a token is logged with the client and the grant, even in vain") {
  OrgSite org;
  org.ask("POST", "/services/oauth2/token", "grant_type=refresh_token&client_id=somebody&refresh_token=x");
  const json call = json::parse(org.ask("GET", "/_local/calls").body)[0];
  CHECK(call["client_id"] == "somebody");
  CHECK(call["grant"] == "refresh_token");
  CHECK(call["status"] == 400);
  CHECK(call["error"] == "invalid_client_id: client identifier invalid");
}

TEST_CASE("tokens and the secret expire on demand, and the secret comes back") {
  OrgSite org;
  const auto known = org.site.sessions().credentials();
  const auto token_status = [&] {
    return org
        .ask("POST", "/services/oauth2/token",
             base::http::to_form({{"grant_type", "client_credentials"},
                                  {"client_id", known.client_id},
                                  {"client_secret", known.client_secret}}))
        .status;
  };
  CHECK(org.ask("POST", "/_local/expire", R"({"access_tokens":true,"client_secret":true})").status == 200);
  CHECK(org.call("GET", "/limits").status == 401);
  CHECK(token_status() == 400);
  CHECK(org.ask("POST", "/_local/expire", R"({"client_secret":"restore"})").status == 200);
  CHECK(token_status() == 200);
  CHECK(org.ask("POST", "/_local/expire", R"({"refresh_token":true})").status == 200);
  CHECK(org.site.sessions().approvals().find(known.refresh_token) == nullptr);
  CHECK(org.ask("POST", "/_local/expire", R"({"everything":true})").status == 400);
}

TEST_CASE("the next calls fail as often as asked, before or after their work") {
  const bool after_commit = GENERATE(false, true);
  OrgSite org;
  const json fault{{"next", 2},
                   {"status", 503},
                   {"after_commit", after_commit},
                   {"method", "POST"},
                   {"path_contains", "/sobjects/"}};
  CHECK(org.ask("POST", "/_local/faults", fault.dump()).status == 200);

  CHECK(org.call("GET", "/sobjects/Contact").status == 200);
  const base::http::Response first = org.call("POST", "/sobjects/Contact", R"({"LastName":"a"})");
  CHECK(first.status == 503);
  CHECK(first.body == R"([{"message":"Server Unavailable","errorCode":"SERVER_UNAVAILABLE"}])");
  CHECK(org.call("POST", "/sobjects/Contact", R"({"LastName":"b"})").status == 503);
  CHECK(org.call("POST", "/sobjects/Contact", R"({"LastName":"c"})").status == 201);
  CHECK(json::parse(org.query("SELECT COUNT() FROM Contact").body)["totalSize"] == (after_commit ? 3 : 1));
}

TEST_CASE("a dropped call has no answer and stands in the log") {
  OrgSite org;
  org.ask("POST", "/_local/faults", R"({"next":1,"answer":"drop","after_commit":true})");
  CHECK(org.call("POST", "/sobjects/Contact", R"({"LastName":"a"})").status == 0);
  const json calls = json::parse(org.ask("GET", "/_local/calls?object=Contact").body);
  CHECK(calls[0]["fault"] == "drop after commit");
  CHECK(calls[0]["status"] == 0);
}

TEST_CASE("any answer at all can be put in place of the org's own") {
  OrgSite org;
  const json script{{"next", 1},
                    {"path_contains", "/services/oauth2/token"},
                    {"status", 200},
                    {"body", R"({"access_token":"scripted"})"},
                    {"headers", {{"x-reason", "a test"}}}};
  CHECK(org.ask("POST", "/_local/faults", script.dump()).status == 200);

  const base::http::Response scripted = org.ask("POST", "/services/oauth2/token", "grant_type=refresh_token");
  CHECK(scripted.status == 200);
  CHECK(scripted.body == R"({"access_token":"scripted"})");
  CHECK(base::http::find_header(scripted.headers, "x-reason") == "a test");
  CHECK(org.ask("POST", "/services/oauth2/token", "grant_type=refresh_token").status == 400);
}

TEST_CASE("a fault that makes no sense is refused") {
  const std::string fault =
      GENERATE(as<std::string>{}, "x", "[]", R"({"next":0})", R"({"status":200})", R"({"nexr":1})", R"({"next":"2"})");
  OrgSite org;
  CAPTURE(fault);
  CHECK(org.ask("POST", "/_local/faults", fault).status == 400);
}
