#include "engine/transfer.hpp"

namespace engine {
namespace {

AuthorisationRequest as_owned_by(AuthorisationRequest request, const TransferRequest& transfer,
                                 const std::string& creator) {
  request.owner = transfer.to;
  request.owner_groups = transfer.groups_of_new_owner;
  request.creator = creator;
  return request;
}

}  // namespace

TransferPlan plan_transfer(const TransferRequest& request) {
  TransferPlan plan{.project = request.project.id, .from = request.project.owner, .to = request.to};
  for (const TransferWorkflow& workflow : request.workflows) {
    const bool is_handed_on = workflow.creator == request.project.owner && !request.keep_creator;
    PlannedWorkflow planned{.no = workflow.no,
                            .id = workflow.id,
                            .name = workflow.name,
                            .creator_before = workflow.creator,
                            .creator_after = is_handed_on ? request.to : workflow.creator};
    for (const TransferTask& task : workflow.tasks) {
      planned.tasks.push_back({task.id, task.now.alias, task.now.account, authorise(task.now),
                               authorise(as_owned_by(task.now, request, planned.creator_after))});
      if (task.now.account) plan.accounts.emplace(task.now.account->id, *task.now.account);
    }
    plan.workflows.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace engine
