#include "engine/project_transfer.hpp"

#include <set>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "engine/hold_keys.hpp"

namespace engine {
namespace {

base::JsonText details_of_transfer(const TransferPlan& plan, bool keep_creator) {
  base::JsonWriter json;
  json.begin_object();
  json.field("from", plan.from);
  json.field("to", plan.to);
  json.field("keep_creator", keep_creator);
  json.key("creators_changed");
  json.begin_array();
  for (const PlannedWorkflow& workflow : plan.workflows) {
    if (workflow.creator_before != workflow.creator_after) json.string(workflow.id);
  }
  json.end_array();
  json.end_object();
  return {json.take()};
}

int refused_after(const TransferPlan& plan) {
  int refused = 0;
  for (const PlannedWorkflow& workflow : plan.workflows) {
    for (const PlannedTask& task : workflow.tasks) refused += task.before.allowed() && !task.after.allowed();
  }
  return refused;
}

}  // namespace

base::awaitable<TransferPlan> ProjectTransfer::plan(BrandId brand, Project project, std::string to, bool keep_creator) {
  const TransferRequest request = co_await gather(brand, project, std::move(to), keep_creator);
  TransferPlan plan = plan_transfer(request);
  std::vector<std::int64_t> workflows;
  for (const PlannedWorkflow& workflow : plan.workflows) workflows.push_back(workflow.no);
  plan.runs = co_await history_.waiting_runs(brand, std::move(workflows));
  co_return plan;
}

base::awaitable<ProjectTransfer::Done> ProjectTransfer::apply(std::string who, BrandId brand, Project project,
                                                              std::string to, bool keep_creator) {
  Done done;
  done.plan = co_await plan(brand, project, to, keep_creator);
  base::sql::Batch batch{PeopleStore::put_owner(brand, project.id, to)};
  std::set<std::string> told{project.owner, to};
  for (const PlannedWorkflow& workflow : done.plan.workflows) {
    if (workflow.creator_before == workflow.creator_after) continue;
    batch.push_back(WorkflowStore::put_creator(*workflows_.find(workflow.no), workflow.creator_after));
    told.insert(workflow.creator_before);
  }
  const int refused = refused_after(done.plan);
  for (const std::string& recipient : told) {
    if (recipient == who) continue;
    Notice notice{.recipient = recipient, .kind = NoticeKind::project_transferred, .subject = project.id};
    notice.message =
        fmt::format("'{}' belongs to {} now, whose accounts count for its {} workflow{}; {}", project.name,
                    name_of(brand, to), done.plan.workflows.size(), done.plan.workflows.size() == 1 ? "" : "s",
                    refused == 0   ? "every task goes on"
                    : refused == 1 ? "one task waits until the new owner binds an account"
                                   : fmt::format("{} tasks wait until the new owner binds accounts", refused));
    notice.dedup_key = fmt::format("transferred:{}:{}:{}", project.id, to, gate_.epoch(brand));
    batch.push_back(notices_.put(brand, notice));
  }
  AuditEntry entry{std::move(who), "project.transferred", project.id, details_of_transfer(done.plan, keep_creator)};
  co_await audit_.commit(brand, std::move(entry), std::move(batch));
  people_.owner_is(brand, project.id, to);
  for (const PlannedWorkflow& workflow : done.plan.workflows)
    workflows_.creator_is(workflow.no, workflow.creator_after);
  done.keys_lifted = keys_lifted_by(OwnershipChanged{project.id}, {});
  co_return done;
}

base::awaitable<TransferRequest> ProjectTransfer::gather(BrandId brand, Project project, std::string to,
                                                         bool keep_creator) {
  TransferRequest request{.project = std::move(project), .to = std::move(to), .keep_creator = keep_creator};
  request.groups_of_new_owner = people_.groups_of(brand, request.to);
  for (const Workflow* workflow : workflows_.all(brand)) {
    if (workflow->project != request.project.id) continue;
    TransferWorkflow one{workflow->no, workflow->id, workflow->name, workflow->creator};
    const std::shared_ptr<LiveVersion> live = co_await workflows_.version(workflow->version_no);
    if (live) {
      for (const UsedAlias& used : used_aliases(live->definition, catalog_)) {
        for (const std::string& task : used.tasks)
          one.tasks.push_back({task, gate_.facts(*workflow, used.extension, used.alias)});
      }
    }
    request.workflows.push_back(std::move(one));
  }
  co_return request;
}

std::string ProjectTransfer::name_of(BrandId brand, const std::string& user) const {
  const std::optional<User> found = people_.user(brand, user);
  return found ? found->name : user;
}

}  // namespace engine
