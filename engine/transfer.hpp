// The transfer of a project: what it would change for every workflow, task and account of it, and doing it. Planning is
// pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/authorisation.hpp"
#include "engine/run_history.hpp"

namespace engine {

struct TransferTask {
  std::string id;
  AuthorisationRequest now;  // as the gate would ask it at this moment
};

struct TransferWorkflow {
  std::int64_t no = 0;
  std::string id;
  std::string name;
  std::string creator;
  std::vector<TransferTask> tasks{};
};

struct TransferRequest {
  Project project;
  std::string to;
  std::vector<std::string> groups_of_new_owner{};
  bool keep_creator = false;
  std::vector<TransferWorkflow> workflows{};
};

struct PlannedTask {
  std::string id;
  std::string alias;
  std::optional<AccountFacts> account{};
  Verdict before;
  Verdict after;
};

struct PlannedWorkflow {
  std::int64_t no = 0;
  std::string id;
  std::string name;
  std::string creator_before;
  std::string creator_after;
  std::vector<PlannedTask> tasks{};
};

struct TransferPlan {
  std::string project;
  std::string from;
  std::string to;
  std::vector<PlannedWorkflow> workflows{};
  std::map<std::string, AccountFacts> accounts{};  // that its tasks are bound to, by id
  WaitingRuns runs{};                              // after the transfer they are judged by the new owner's accounts
};

// The new owner's accounts are consulted. Workflows whose creator is the old owner get the new owner as creator, unless
// the request keeps them.
TransferPlan plan_transfer(const TransferRequest& request);

}  // namespace engine
