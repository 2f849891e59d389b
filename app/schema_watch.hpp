// Looks at orgs on a schedule: what has changed of the objects that mappings write, whom it concerns, and which runs
// may go on again.
#pragma once

#include <set>
#include <string>

#include "base/async.hpp"
#include "base/time.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "connectors/salesforce/schema_memory.hpp"
#include "engine/people.hpp"

namespace app {

class Services;

class SchemaWatch {
 public:
  explicit SchemaWatch(Services& services) : services_(services) {}

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

  Services& services_;
  std::set<std::string> told_{};  // changes that stand in the log
};

}  // namespace app
