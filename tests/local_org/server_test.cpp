// The local org over a real connection, and over a restart.
#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/http/client.hpp"
#include "base/random.hpp"
#include "base/system_clock.hpp"
#include "local_org/api_error.hpp"
#include "local_org/server.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/temporary_directory.hpp"

using local_org::LocalOrg;
using local_org::LocalOrgOptions;
using nlohmann::json;

namespace {

class Wire {
 public:
  base::Result<base::http::Response> send(std::string method, const std::string& path, std::string body = "") {
    base::http::Request request;
    request.method = std::move(method);
    request.url = served.url() + path;
    request.headers = {{"Authorization", "Bearer " + org.credentials().access_token},
                       {"Content-Type", "application/json"}};
    request.body = std::move(body);
    return support::run(loop, client->send(std::move(request)));
  }

  boost::asio::io_context loop;
  base::SystemClock clock{loop};
  base::SystemRandom random;
  base::SilentLog log;
  LocalOrg org{LocalOrgOptions{}, clock, random};
  local_org::Served served{org, loop, log};
  std::unique_ptr<base::http::Client> client = base::http::make_client(loop, clock);
};

}  // namespace

TEST_CASE("a client reaches the org over the wire") {
  Wire wire;
  const base::Result<base::http::Response> created =
      wire.send("POST", "/services/data/v66.0/sobjects/Contact", R"({"LastName":"Reyes"})");
  REQUIRE(created);
  CHECK(created->status == 201);
  const base::Result<base::http::Response> found =
      wire.send("GET", "//services/data/v66.0/query?q=SELECT+LastName+FROM+Contact+WHERE+LastName+=+'Reyes'");
  REQUIRE(found);
  CHECK(json::parse(found->body)["totalSize"] == 1);
  CHECK(wire.org.credentials().url == wire.served.url());
}

TEST_CASE("a call that is dropped after its commit leaves the client in doubt and the record there") {
  Wire wire;
  REQUIRE(wire.send("POST", "/_local/faults", R"({"next":1,"answer":"drop","after_commit":true})"));
  const base::Result<base::http::Response> created =
      wire.send("POST", "/services/data/v66.0/sobjects/Contact", R"({"LastName":"Reyes"})");
  REQUIRE_FALSE(created);
  CHECK(created.error().code == base::http::http_unclear);
  CHECK(json::parse(wire.org.query("SELECT Id FROM Contact").text).size() == 1);
}

TEST_CASE("addresses beyond Salesforce's limit are answered, not cut off") {
  Wire wire;
  const base::Result<base::http::Response> response =
      wire.send("GET", "/services/data/v66.0/query?q=" + std::string(17'000, 'x'));
  REQUIRE(response);
  CHECK(response->status == 414);
}

TEST_CASE("a test reaches the org without HTTP, under the same rules") {
  Wire wire;
  const std::string id = wire.org.insert("Contact", {R"({"LastName":"Reyes"})"});
  CHECK(json::parse(wire.org.query("SELECT Id, LastName FROM Contact").text)[0]["Id"] == id);
  CHECK_THROWS_AS(wire.org.insert("Contact", {"{}"}), local_org::ApiError);
  CHECK(wire.org.calls().empty());
}

TEST_CASE("a file keeps records, credentials and refresh tokens over a restart") {
  const test::TemporaryDirectory directory;
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  base::SystemRandom random;
  LocalOrgOptions options;
  options.path = directory.file("org.db");
  local_org::Credentials before;
  std::string id;
  {
    LocalOrg org(options, clock, random);
    before = org.credentials();
    id = org.insert("Contact", {R"({"LastName":"Reyes"})"});
  }
  LocalOrg org(options, clock, random);
  CHECK(local_org::to_json(org.credentials()) == local_org::to_json(before));
  CHECK(org.credentials().refresh_token == before.refresh_token);
  CHECK(json::parse(org.query("SELECT Id FROM Contact").text)[0]["Id"] == id);
  CHECK(org.insert("Contact", {R"({"LastName":"Two"})"}) != id);
}

TEST_CASE("credentials can be fixed, and a file belongs to one org") {
  const test::TemporaryDirectory directory;
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  base::SystemRandom random;
  LocalOrgOptions options;
  options.path = directory.file("org.db");
  options.environment = local_org::Environment::sandbox;
  options.fixed.org_id = "00D000000000001";
  options.fixed.client_secret = "secret";
  {
    LocalOrg org(options, clock, random);
    CHECK(org.credentials().org_id == "00D000000000001EAA");
    CHECK(org.credentials().client_secret == "secret");
    const json organization = json::parse(org.query("SELECT Id, IsSandbox FROM Organization").text)[0];
    CHECK(organization["Id"] == "00D000000000001EAA");
    CHECK(organization["IsSandbox"] == true);
  }
  options.fixed.org_id = "00D000000000002";
  CHECK_THROWS_AS(LocalOrg(options, clock, random), std::invalid_argument);
}

TEST_CASE("an org can have objects of its own") {
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  base::SystemRandom random;
  json describe = json::parse(local_org::standard_schema().find("Survey_Response__c")->describe);
  describe["name"] = "Visit__c";
  describe["keyPrefix"] = "a01";
  LocalOrgOptions options;
  options.more_describes = {describe.dump()};
  LocalOrg org(options, clock, random);
  CHECK(org.insert("Visit__c", {R"({"Score__c":5})"}).substr(0, 3) == "a01");
}

TEST_CASE("an org's own describe replaces the standard one") {
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  base::SystemRandom random;
  json describe = json::parse(local_org::standard_schema().find("Contact")->describe);
  json field = describe["fields"].back();
  field["name"] = "Loyalty__c";
  field["type"] = "double";
  field["precision"] = 5;
  field["createable"] = true;
  describe["fields"].push_back(field);
  LocalOrgOptions options;
  options.more_describes = {describe.dump()};
  LocalOrg org(options, clock, random);
  org.insert("Contact", {R"({"LastName":"Reyes","Loyalty__c":12})"});
  CHECK(json::parse(org.query("SELECT Loyalty__c FROM Contact").text)[0]["Loyalty__c"] == 12.0);
}

TEST_CASE("a file gains the columns of a describe that has grown") {
  const test::TemporaryDirectory directory;
  boost::asio::io_context loop;
  base::SystemClock clock(loop);
  base::SystemRandom random;
  LocalOrgOptions options;
  options.path = directory.file("org.db");
  LocalOrg(options, clock, random).insert("Contact", {R"({"LastName":"Reyes"})"});
  json describe = json::parse(local_org::standard_schema().find("Contact")->describe);
  json field = *std::find_if(describe["fields"].begin(), describe["fields"].end(),
                             [](const json& other) { return other["name"] == "DoNotCall"; });
  field["name"] = "Vip__c";
  describe["fields"].push_back(field);
  options.more_describes = {describe.dump()};
  LocalOrg org(options, clock, random);
  CHECK(json::parse(org.query("SELECT Vip__c FROM Contact").text)[0]["Vip__c"] == false);
}
