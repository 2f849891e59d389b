// Handing a project on to another owner: the plan of it, and doing it in one transaction.
#pragma once

#include <string>
#include <vector>

#include "base/async.hpp"
#include "engine/edit.hpp"
#include "engine/gate.hpp"
#include "engine/notices.hpp"
#include "engine/run_history.hpp"
#include "engine/transfer.hpp"

namespace engine {

class ProjectTransfer {
 public:
  ProjectTransfer(PeopleStore& people, WorkflowStore& workflows, const Gate& gate, const Catalog& catalog,
                  RunHistory& history, AuditLog& audit, Notices& notices)
      : people_(people),
        workflows_(workflows),
        gate_(gate),
        catalog_(catalog),
        history_(history),
        audit_(audit),
        notices_(notices) {}

  // Every workflow, task and account of the project, and its queued and held runs; nothing is changed.
  base::awaitable<TransferPlan> plan(BrandId brand, Project project, std::string to, bool keep_creator);
  // The same, done: owner and creators change, both owners and those who are creators no more are told. For
  // RunQueue::lift, the keys of the project's runs: they are judged by the new owner's accounts.
  struct Done {
    TransferPlan plan;
    std::vector<std::string> keys_lifted;
  };
  base::awaitable<Done> apply(std::string who, BrandId brand, Project project, std::string to, bool keep_creator);

 private:
  base::awaitable<TransferRequest> gather(BrandId brand, Project project, std::string to, bool keep_creator);
  std::string name_of(BrandId brand, const std::string& user) const;

  PeopleStore& people_;
  WorkflowStore& workflows_;
  const Gate& gate_;
  const Catalog& catalog_;
  RunHistory& history_;
  AuditLog& audit_;
  Notices& notices_;
};

}  // namespace engine
