// People of a running server, each speaking with a token of their own.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/blocking_http.hpp"

namespace promises {

// A workflow of one task, which keeps the response's score on the account "crm".
extern const char* const keep_score;

// Somebody who speaks to the server.
class Person {
 public:
  Person(const ServerProgram& server, std::string id, std::string token)
      : id_(std::move(id)), token_(std::move(token)), url_(server.url()) {}
  Person(const World& world, std::string id, std::string token)
      : Person(world.server, std::move(id), std::move(token)) {}

  const std::string& id() const { return id_; }
  const std::string& token() const { return token_; }
  support::HttpAnswer call(const std::string& method, const std::string& path,
                           const nlohmann::json& body = nullptr) const;
  // A call that must be answered with this status, and its document. Every answer is held against the API's
  // description.
  nlohmann::json ask(int status, const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr) const;

 private:
  std::string id_;
  std::string token_;
  std::string url_;
};

// A world whose only workflow runs on an account that is shared with its owner alone; the server has been started.
class OwnedWorld {
 public:
  explicit OwnedWorld(const std::string& workflow);

  World world;
  Person owner;  // of the project; creator of the workflow
  std::string workflow;
  std::string project;
  std::string account;

  Person add_person(const std::string& name, const std::string& role = "brand_admin");
  // The workflow's document with another name for the same things.
  nlohmann::json edited(const std::string& name) const;
  std::string accepted_run(const std::string& response) {
    return world.server.accepted_run(SurveyResponse{response}.json());
  }

 private:
  nlohmann::json first_workflow() const;
};

}  // namespace promises
