#include "tests/promises/people_of_world.hpp"

#include <catch2/catch.hpp>

#include "tests/support/described_api.hpp"

namespace promises {

using nlohmann::json;

const char* const keep_score = R"({
  "name": "Keep the score",
  "trigger": { "type": "survey_response" },
  "tasks": {
    "answer": {
      "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                "fields": { "Score__c": "${q://QID1/SelectedChoicesRecode}" } } } }
})";

support::HttpAnswer Person::call(const std::string& method, const std::string& path, const json& body) const {
  const base::http::Headers headers{{"Authorization", "Bearer " + token_}, {"Content-Type", "application/json"}};
  support::HttpAnswer answer = support::http_call(method, url_ + path, body.is_null() ? "" : body.dump(), headers);
  support::check_described(method, path, answer);
  return answer;
}

json Person::ask(int status, const std::string& method, const std::string& path, const json& body) const {
  const support::HttpAnswer answer = call(method, path, body);
  INFO(method << " " << path << "\n" << answer.body);
  REQUIRE(answer.status == status);
  return answer.body.empty() ? json() : json::parse(answer.body);
}

namespace {

Person admin_of(World& world) {
  REQUIRE(world.server.start());
  return Person(world, "", world.server.token());
}

}  // namespace

OwnedWorld::OwnedWorld(const std::string& document) : world(document), owner(admin_of(world)) {
  const json first = first_workflow();
  workflow = first.at("id");
  project = first.at("project");
  owner = Person(world, first.at("creator"), world.server.token());
  account = owner.ask(201, "POST", "/accounts", json::parse(world.org.account_document())).at("account").at("id");
  world.org.forget_calls();  // linking asks the org who it is
  owner.ask(200, "POST", "/accounts/" + account + "/shares", {{"with", owner.id()}});
  owner.ask(200, "PUT", "/workflows/" + workflow + "/bindings/crm", {{"account", account}});
}

Person OwnedWorld::add_person(const std::string& name, const std::string& role) {
  const json made = owner.ask(201, "POST", "/users", {{"name", name}, {"role", role}});
  return Person(world, made.at("id"), made.at("token"));
}

json OwnedWorld::edited(const std::string& name) const {
  json document = owner.ask(200, "GET", "/workflows/" + workflow + "/document");
  document["name"] = name;
  return document;
}

json OwnedWorld::first_workflow() const { return owner.ask(200, "GET", "/workflows").at("workflows").at(0); }

}  // namespace promises
