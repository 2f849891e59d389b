#include "engine/gate.hpp"

namespace engine {

std::int64_t Gate::epoch(BrandId brand) const {
  const Brand* found = people_.brand(brand);
  return found ? found->auth_epoch : 0;
}

const Gate::Answer& Gate::ask(std::int64_t workflow_no, std::string_view extension, std::string_view alias) {
  const Workflow& workflow = *workflows_.find(workflow_no);
  Remembered& remembered = remembered_[{workflow_no, std::string(extension) + ":" + std::string(alias)}];
  const std::int64_t now = epoch(workflow.brand);
  if (remembered.epoch == now) return remembered.answer;

  const AuthorisationRequest request = facts(workflow, extension, alias);
  Answer answer{.verdict = authorise(request), .diagnosis = diagnosis(request), .account = {}};
  if (answer.verdict.allowed() && request.account) {
    answer.account = BoundAccount{request.account->id, request.account->org_id, request.account->environment};
  }
  remembered = Remembered{now, std::move(answer)};
  return remembered.answer;
}

AuthorisationRequest Gate::facts(const Workflow& workflow, std::string_view extension, std::string_view alias) const {
  AuthorisationRequest request;
  request.extension = extension;
  request.workflow = workflow.id;
  request.alias = alias;
  if (const Brand* brand = people_.brand(workflow.brand)) request.licensed = brand->extensions;
  request.project = workflow.project;
  if (std::optional<Project> project = people_.project(workflow.brand, workflow.project)) {
    request.owner = project->owner;
    request.owner_groups = people_.groups_of(workflow.brand, request.owner);
    request.collaborators = std::move(project->collaborators);
  }
  request.creator = workflow.creator;
  request.binding = people_.binding(workflow.brand, workflow.no, alias);
  if (request.binding) request.account = accounts_.find(request.binding->account);
  return request;
}

}  // namespace engine
