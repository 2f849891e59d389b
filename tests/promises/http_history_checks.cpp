// What is held against the model after every step of a history.
#include "tests/promises/http_history.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"

namespace promises {

using nlohmann::json;

// ---- runs

void HttpHistory::run() {
  const Name name = some_workflow();
  const std::string response = fmt::format("R_{}_{}", seed_, runs_.size());
  const auto answer = tenant_.call("", "POST", hooks_.at(name), json::parse(SurveyResponse{response}.json()));
  REQUIRE(answer.status == 202);
  const std::string id = json::parse(answer.body).at("runs").at(0);
  runs_[response] = {name, id};
  await_rest();
  if (model_.verdict(name) != "allowed") check_unread(id, model_.verdict(name));
}

void HttpHistory::check_unread(const std::string& id, const Name& verdict) {
  const json run = tenant_.ask(200, "admin", "GET", "/runs/" + id);
  INFO(run.dump(2));
  const json& task = task_of(run, "answer");
  CHECK(run.at("code") == verdict);
  CHECK(task.at("attempts").empty());
  CHECK_FALSE(task.contains("effect"));
  ++seen_.held;
}

bool HttpHistory::rests(const Run& run, const std::string& state) {
  if (run.is_cancelled || state == "succeeded") return state == "succeeded" || state == "cancelled";
  return state == (model_.verdict(run.workflow) == "allowed" ? "succeeded" : "held");
}

void HttpHistory::await_rest() {
  json listed;
  support::eventually(
      "the runs are where the model says",
      [&] {
        listed = tenant_.ask(200, "admin", "GET", "/runs?limit=100").at("runs");
        std::map<std::string, std::string> states;
        for (const json& run : listed) states[run.at("id")] = run.at("state");
        return std::ranges::all_of(runs_, [&](const auto& one) { return rests(one.second, states[one.second.id]); });
      },
      [&] { return fmt::format("seed {}: {}\n{}", seed_, told_, listed.dump(2)); });
  for (auto& [response, run] : runs_) {
    const std::string before = run.state;
    for (const json& one : listed) {
      if (one.at("id") == run.id) run.state = one.at("state");
    }
    if (run.state == "succeeded" && before != "succeeded") CHECK(model_.verdict(run.workflow) == "allowed");
  }
}

// ---- what is held against the model after every step

void HttpHistory::check() {
  await_rest();
  for (const auto& [name, id] : ids_of_workflows_) {
    const json verdict =
        tenant_.ask(200, "admin", "GET", path_of_workflow(name) + "/gate").at("tasks").at(0).at("verdict");
    const Name expected = model_.verdict(name);
    ++seen_.verdicts[expected];
    INFO(name << " bound to " << model_.workflows.at(name).account);
    CHECK(verdict.value("code", "allowed") == expected);
  }
  for (const char* org : {"org_1", "org_2"}) {
    for (const json& call : world_.org(org).calls_like(fmt::format("after={}", calls_read_[org]))) {
      check_call(org, call);
      calls_read_[org] = call.at("number");
    }
  }
  logging_in_.clear();
}

bool HttpHistory::is_allowed_user(const Name& org, const Name& user) {
  return std::ranges::any_of(model_.workflows, [&](const auto& one) {
    const Name& account = one.second.account;
    return model_.verdict(one.first) == "allowed" && model_.accounts.at(account).org == org &&
           salesforce_user_of(account) == user;
  });
}

void HttpHistory::check_call(const Name& org, const json& call) {
  const std::string path = call.at("path"), user = call.at("user");
  INFO(call.dump());
  if (path.find("/sobjects/Survey_Response__c/Response_Id__c/") != std::string::npos) {
    const Run& run = runs_.at(path.substr(path.rfind('/') + 1));
    CHECK(model_.verdict(run.workflow) == "allowed");
    const Name& account = model_.workflows.at(run.workflow).account;
    CHECK(user == salesforce_user_of(account));
    CHECK(org == model_.accounts.at(account).org);
    ++seen_.writes;
  } else if (path.ends_with("/sobjects/Survey_Response__c/describe")) {
    // Whether the org takes what a version writes, asked before it is saved.
    CHECK(is_allowed_user(org, user));
  } else if (path.find("/services/data/") != std::string::npos) {
    CHECK(path.find("IsSandbox") != std::string::npos);
    CHECK(logging_in_.contains(user));
  } else if (path == "/services/oauth2/token" && call.at("grant") == "refresh_token") {
    // Of a token that is dead the org knows no user; then somebody asked for it in this step.
    const bool is_asked_for = user.empty() ? !logging_in_.empty() : logging_in_.contains(user);
    CHECK((is_asked_for || is_allowed_user(org, user)));
  }
}

}  // namespace promises
