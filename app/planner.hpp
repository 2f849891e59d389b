// Plans responses: each is rehearsed as a run like any other, on the real accounts and through the real gate, in a data
// directory of its own that is gone afterwards; only what it would write is noted and not sent.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/account_argument.hpp"
#include "app/plan.hpp"
#include "app/response_rehearsal.hpp"
#include "app/services.hpp"
#include "app/temporary_directory.hpp"
#include "app/workspace.hpp"
#include "connectors/survey/response.hpp"
#include "tasks/planned_task.hpp"

namespace app {

class Planner {
 public:
  // Throws when no temporary folder can be had.
  Planner(boost::asio::io_context& loop, base::Log& log, std::string api_version);

  // Once, before anything else. With an error among the findings there is nothing to plan.
  base::awaitable<base::Findings> open(std::string workflow, std::vector<AccountFile> accounts);
  const PlanHead& head() const { return head_; }
  const connectors::survey::SurveyShelf& surveys() const { return services_->surveys; }

  // What the response would change after all that were planned before it. File and place are the caller's.
  base::awaitable<PlannedResponse> plan(connectors::survey::Response response);

 private:
  void tell_accounts(const engine::WorkflowDefinition& definition);

  TemporaryDirectory directory_;
  tasks::PlannedWrites writes_;
  std::unique_ptr<Services> services_;
  Workspace workspace_;
  PlanHead head_{};
  ResponseRehearsal rehearsal_;
  std::int64_t workflow_no_ = 0;
};

}  // namespace app
