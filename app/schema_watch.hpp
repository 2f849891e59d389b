// Looks at orgs on a schedule: what has changed of the objects that mappings write, whom it concerns, and which runs
// may go on again.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/log.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/salesforce/org_drift.hpp"
#include "connectors/salesforce/schema_memory.hpp"
#include "engine/bindings.hpp"
#include "engine/notices.hpp"
#include "engine/people_store.hpp"
#include "engine/run_queue.hpp"
#include "engine/worker.hpp"
#include "engine/workflow_store.hpp"

namespace app {

class SchemaWatch {
 public:
  struct Parts {
    connectors::salesforce::SchemaMemory& memory;
    connectors::salesforce::Client& salesforce;
    connectors::AccountStore& accounts;
    engine::PeopleStore& people;
    engine::WorkflowStore& workflows;
    engine::Bindings& bindings;
    engine::Notices& notices;
    engine::RunQueue& queue;
    engine::Worker& worker;
    base::Clock& clock;
    base::Log& log;
  };
  explicit SchemaWatch(Parts parts) : parts_(parts) {}

  // Until the loop ends.
  base::awaitable<void> run(base::Duration every);
  // Every remembered object once. What an org does not answer for now is looked at the next time.
  base::awaitable<void> look();

 private:
  base::awaitable<void> look_at(engine::BrandId brand, connectors::salesforce::RememberedObject remembered);
  // Whether some enabled workflow can no longer write as it does; its owner and its creator are told.
  base::awaitable<bool> tell_those_concerned(engine::BrandId brand, std::string account,
                                             connectors::salesforce::OrgSnapshot before,
                                             connectors::salesforce::OrgSnapshot now);

  Parts parts_;
  std::set<std::string> told_{};  // changes that stand in the log
};

}  // namespace app
