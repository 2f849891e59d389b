// The package that `org package` writes makes a workflow valid that was not, and its permission set alone lets the
// workflow run and nothing else.
#include <memory>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/blocking_http.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using support::http_call;
using support::HttpAnswer;
using test::Ended;
using test::run_program;

// A find, an upsert of an object that no org has, and an insert that happens once; each with fields that are missing.
const char* const visit_workflow = R"({
  "name": "Visit",
  "trigger": { "type": "survey_response" },
  "tasks": {
    "person": { "type": "salesforce_find", "account": "crm",
      "with": { "object": "Contact", "match": { "Email": "${m://Email}" }, "return": ["Id"], "if_none": "continue" } },
    "visit": { "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Visit__c", "key": { "Response__c": "${rm://Field/ResponseID}" },
        "fields": {
          "Contact__c": "${task://person/Id}",
          "Score__c": { "value": "${q://QID1/SelectedChoicesRecode}", "as": "number" },
          "Segment__c": { "value": "${q://QID1/ChoiceGroup/SelectedChoices}", "map": { "Promoter": "A", "*": "B" } },
          "Comment__c": "${q://QID3/ChoiceTextEntryValue}",
          "Visited_At__c": "${rm://Field/RecordedDate}",
          "Follow_Up__c": true } } },
    "case": { "type": "salesforce_create", "account": "crm",
      "with": { "object": "Case", "idempotency": "Visit_Key__c",
        "fields": { "Subject": "visit", "ContactId": "${task://person/Id}", "Score__c": 3 } } } } })";

// `org serve` on a file, with what its command line is given.
class OrgOnFile {
 public:
  OrgOnFile(const std::string& file, const std::vector<std::string>& more_arguments) {
    std::vector<std::string> arguments{"org", "serve", "--file", file, "--environment", "sandbox", "--json"};
    arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
    program_ = std::make_unique<support::Program>(std::move(arguments));
    const std::string line = program_->first_line();
    INFO(program_->log());
    REQUIRE_FALSE(line.empty());
    said_ = json::parse(line);
  }

  std::string url() const { return said_.at("url"); }
  std::string account_document() const {
    return json{{"environment", "sandbox"},
                {"login", "client_credentials"},
                {"token_url", url() + "/services/oauth2/token"},
                {"client_id", said_.at("client_id")},
                {"client_secret", said_.at("client_secret")}}
        .dump();
  }
  // As the user for whom the app's client credentials stand.
  std::string new_token() const {
    const std::string form = base::http::to_form({{"grant_type", "client_credentials"},
                                                  {"client_id", said_.at("client_id").get<std::string>()},
                                                  {"client_secret", said_.at("client_secret").get<std::string>()}});
    const HttpAnswer answer = http_call("POST", url() + "/services/oauth2/token", form,
                                        {{"Content-Type", "application/x-www-form-urlencoded"}});
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return json::parse(answer.body).at("access_token");
  }
  HttpAnswer call_as(const std::string& token, const std::string& method, const std::string& path,
                     const std::string& body = "") const {
    return http_call(method, url() + "/services/data/v60.0" + path, body,
                     {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}});
  }
  // The administrator's.
  std::string insert(const std::string& object, const std::string& fields) const {
    const HttpAnswer answer = call_as(said_.at("access_token"), "POST", "/sobjects/" + object, fields);
    INFO(answer.body);
    REQUIRE(answer.status == 201);
    return json::parse(answer.body).at("id");
  }
  json records(const std::string& soql) const {
    const HttpAnswer answer = call_as(said_.at("access_token"), "GET", "/query?q=" + base::http::percent_encode(soql));
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return json::parse(answer.body).at("records");
  }
  std::size_t count(const std::string& soql) const { return records(soql).size(); }
  void local(const std::string& method, const std::string& path, const std::string& body) const {
    const HttpAnswer answer = http_call(method, url() + path, body);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
  }

 private:
  std::unique_ptr<support::Program> program_;
  json said_;
};

class VisitWorld {
 public:
  VisitWorld() {
    test::write_file(workflow, visit_workflow);
    test::write_file(account, org().account_document());
  }

  const OrgOnFile& org() const { return *org_; }
  // The same org, with its records, starts again with the package.
  void deploy_package() {
    org_.reset();
    org_ = std::make_unique<OrgOnFile>(directory.file("org.db"), std::vector<std::string>{"--package", package});
    test::write_file(account, org_->account_document());
  }
  Ended snapshot() {
    return run_program({"org", "snapshot", workflow, "--account", "crm=" + account, "-o", schema, "--json"});
  }
  Ended validate() { return run_program({"validate", workflow, "--org", schema, "--json"}); }
  json findings_of_validate() { return json::parse(validate().output).at("files").at(0).at("findings"); }
  Ended write_package(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"org", "package", workflow, "--org", schema, "-o", package, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words);
  }
  // Logs in as a user who has the written permission set and nothing beside it.
  void become_the_packaged_user() {
    org_->local("PUT", "/_local/profiles", R"({"name": "Nothing"})");
    org_->local("POST", "/_local/users",
                R"({"username": "visitor@org.example", "password": "p", "profile": "Nothing",
                    "permission_sets": ["Sluice_Visit"]})");
    org_->local("PUT", "/_local/policies", R"({"run_as_user": "visitor@org.example"})");
    token_ = org_->new_token();
  }
  HttpAnswer as_packaged_user(const std::string& method, const std::string& path, const std::string& body = "") {
    return org_->call_as(token_, method, path, body);
  }

  test::TemporaryDirectory directory;
  const std::string workflow = directory.file("workflow.json");
  const std::string account = directory.file("account.json");
  const std::string schema = directory.file("org");
  const std::string package = directory.file("force-app");

 private:
  std::unique_ptr<OrgOnFile> org_ = std::make_unique<OrgOnFile>(directory.file("org.db"), std::vector<std::string>{});
  std::string token_;
};

std::string error_code_of(const HttpAnswer& answer) {
  const json body = json::parse(answer.body, nullptr, false);
  return body.is_array() && !body.empty() ? body[0].value("errorCode", "") : "";
}

}  // namespace

TEST_CASE("the written package makes a workflow valid that was not, and its permission set alone lets it run") {
  VisitWorld world;
  const std::string ana = world.org().insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");

  const Ended first = world.snapshot();
  INFO(first.complaint);
  REQUIRE(first.code == 0);
  CHECK(json::parse(first.output).at("not_there") == json{"Visit__c"});
  CHECK(world.validate().code == 65);
  std::set<std::string> faults;
  for (const json& finding : world.findings_of_validate()) {
    faults.insert(finding.at("pointer"));
    CHECK_THAT(finding.at("hint").get<std::string>(), Catch::Contains("sluice org package"));
  }
  CHECK(faults == std::set<std::string>{"/tasks/visit/with/object", "/tasks/case/with/idempotency",
                                        "/tasks/case/with/fields/Score__c"});

  const Ended written = world.write_package();
  INFO(written.complaint);
  REQUIRE(written.code == 0);
  world.deploy_package();
  REQUIRE(world.snapshot().code == 0);
  CHECK(world.validate().code == 0);
  CHECK(world.findings_of_validate() == json::array());
  // Nothing is missing any more: all that is written is the permission set, and that as it was.
  const json again = json::parse(world.write_package().output);
  REQUIRE(again.at("files").size() == 1);
  CHECK(again.at("files").at(0).at("written") == false);

  world.become_the_packaged_user();
  const Ended run =
      run_program({"run", world.workflow, "--response", test::source_path("samples/nps_to_contact/response.json"),
                   "--account", "crm=" + world.account, "--data", world.directory.file("data")});
  INFO(run.output << run.complaint);
  CHECK(run.code == 0);
  const json visits = world.org().records(
      "SELECT Response__c, Contact__c, Score__c, Segment__c, Comment__c, Visited_At__c, Follow_Up__c FROM Visit__c");
  REQUIRE(visits.size() == 1);
  CHECK(visits[0].at("Response__c") == "R_1l9mcVuXubb4aGm");
  CHECK(visits[0].at("Contact__c") == ana);
  CHECK(visits[0].at("Score__c") == 10.0);
  CHECK(visits[0].at("Segment__c") == "A");
  CHECK(visits[0].at("Comment__c") == "Great & fast");
  CHECK(visits[0].at("Visited_At__c") == "2026-05-01T07:25:37.000+0000");
  CHECK(visits[0].at("Follow_Up__c") == true);
  CHECK(world.org().count("SELECT Id FROM Case WHERE Score__c = 3") == 1);
}

TEST_CASE("whoever has the written permission set alone can do nothing but what the workflow does") {
  VisitWorld world;
  REQUIRE(world.snapshot().code == 0);
  REQUIRE(world.write_package().code == 0);
  world.deploy_package();
  const std::string contact = world.org().insert("Contact", R"({"LastName":"Reyes","Phone":"1"})");
  const std::string visit = world.org().insert("Visit__c", R"({"Response__c":"R_1"})");
  world.become_the_packaged_user();

  struct Attempt {
    std::string method, path, body;
    int status;
    std::string code;
  };
  const std::vector<Attempt> attempts{
      // another object
      {"GET", "/sobjects/Lead/describe", "", 404, "NOT_FOUND"},
      {"POST", "/sobjects/Lead", R"({"LastName":"x","Company":"y"})", 404, "NOT_FOUND"},
      {"GET", "/query?q=SELECT+Id+FROM+Account", "", 400, "INVALID_TYPE"},
      // an object that is only read
      {"POST", "/sobjects/Contact", R"({"LastName":"x"})", 400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"},
      {"PATCH", "/sobjects/Contact/" + contact, R"({"LastName":"x"})", 403, "INSUFFICIENT_ACCESS_OR_READONLY"},
      // another field
      {"GET", "/query?q=SELECT+Phone+FROM+Contact", "", 400, "INVALID_FIELD"},
      {"POST", "/sobjects/Case", R"({"Subject":"x","Priority":"High"})", 400, "INVALID_FIELD"},
      // deleting
      {"DELETE", "/sobjects/Visit__c/" + visit, "", 403, "INSUFFICIENT_ACCESS_OR_READONLY"},
      {"DELETE", "/sobjects/Contact/" + contact, "", 403, "INSUFFICIENT_ACCESS_OR_READONLY"},
  };
  for (const Attempt& attempt : attempts) {
    INFO(attempt.method << " " << attempt.path << " " << attempt.body);
    const HttpAnswer answer = world.as_packaged_user(attempt.method, attempt.path, attempt.body);
    INFO(answer.body);
    CHECK(answer.status == attempt.status);
    CHECK(error_code_of(answer) == attempt.code);
  }
  // And what the workflow does, goes.
  CHECK(world.as_packaged_user("PATCH", "/sobjects/Visit__c/Response__c/R_1", R"({"Score__c":3})").status == 200);
  CHECK(world.as_packaged_user("GET", "/query?q=SELECT+Email+FROM+Contact").status == 200);

  CHECK(world.org().records("SELECT LastName, Phone FROM Contact").at(0).at("LastName") == "Reyes");
  CHECK(world.org().count("SELECT Id FROM Visit__c") == 1);
  CHECK(world.org().count("SELECT Id FROM Case") == 0);
  CHECK(world.org().count("SELECT Id FROM Lead") == 0);
}
