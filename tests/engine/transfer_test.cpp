// The plan of a transfer: pure. What it would change per workflow and task.
#include "engine/transfer.hpp"

#include <catch2/catch.hpp>

namespace {

engine::AuthorisationRequest a_task_of(const std::string& owner, const std::string& creator) {
  engine::AuthorisationRequest request{.extension = "salesforce",
                                       .workflow = "wfl_1",
                                       .alias = "crm",
                                       .licensed = {"salesforce"},
                                       .project = "prj_1",
                                       .owner = owner,
                                       .creator = creator};
  request.binding = engine::Binding{.workflow = 1, .alias = "crm", .account = "acc_1", .org_id = "00D_1"};
  engine::AccountFacts account;
  account.id = "acc_1";
  account.owner = "usr_old";
  account.org_id = "00D_1";
  request.account = account;
  return request;
}

engine::TransferRequest to_new_owner(engine::AuthorisationRequest task, const std::string& creator = "usr_old") {
  engine::TransferRequest request{.project = {"prj_1", "a project", "usr_old"}, .to = "usr_new"};
  request.workflows = {{1, "wfl_1", "a workflow", creator, {{"answer", std::move(task)}}}};
  return request;
}

std::string code_after(const engine::TransferPlan& plan) {
  const engine::Verdict& verdict = plan.workflows.at(0).tasks.at(0).after;
  return verdict.allowed() ? "allowed" : std::string(verdict.refusal->code.name);
}

}  // namespace

TEST_CASE("after a transfer the old owner's personal account does not count any more") {
  const engine::TransferPlan plan = engine::plan_transfer(to_new_owner(a_task_of("usr_old", "usr_old")));

  CHECK(plan.workflows[0].tasks[0].before.allowed());
  CHECK(code_after(plan) == "account_not_the_owners");
  CHECK(plan.accounts.contains("acc_1"));
}

TEST_CASE("a shared account goes on where it is shared with the new owner, or with a group of the new owner's") {
  engine::AuthorisationRequest task = a_task_of("usr_old", "usr_old");
  task.account->shared_kind = true;
  task.account->shared_with = {"usr_old", "grp_sales"};
  engine::TransferRequest request = to_new_owner(task);
  CHECK(code_after(engine::plan_transfer(request)) == "account_not_the_owners");
  request.groups_of_new_owner = {"grp_sales"};
  CHECK(code_after(engine::plan_transfer(request)) == "allowed");
}

TEST_CASE("an account that the new owner holds begins to count") {
  engine::AuthorisationRequest task = a_task_of("usr_old", "usr_old");
  task.account->owner = "usr_new";
  const engine::TransferPlan plan = engine::plan_transfer(to_new_owner(task));
  CHECK_FALSE(plan.workflows[0].tasks[0].before.allowed());
  CHECK(code_after(plan) == "allowed");
}

TEST_CASE("workflows of the old owner's are handed on with the project, others keep their creator") {
  engine::TransferRequest request = to_new_owner(a_task_of("usr_old", "usr_old"));
  CHECK(engine::plan_transfer(request).workflows[0].creator_after == "usr_new");
  request.keep_creator = true;
  CHECK(engine::plan_transfer(request).workflows[0].creator_after == "usr_old");
  request = to_new_owner(a_task_of("usr_old", "usr_third"), "usr_third");
  CHECK(engine::plan_transfer(request).workflows[0].creator_after == "usr_third");
}

TEST_CASE("what awaits re-authentication goes on awaiting under the new owner") {
  engine::AuthorisationRequest task = a_task_of("usr_old", "usr_old");
  task.account->shared_kind = true;
  task.account->shared_with = {"brand"};
  task.binding->awaits = true;
  CHECK(code_after(engine::plan_transfer(to_new_owner(task))) == "awaits_reauthentication");
}
