// Removing what mapping tests have made in a linked org, by their journal.
#pragma once

#include <string>
#include <vector>

#include "app/test_journal.hpp"
#include "base/async.hpp"
#include "connectors/salesforce/client.hpp"

namespace app {

// Who a linked org is, and whom its account logs in there.
struct TestOrgIdentity {
  std::string account_id;
  std::string org_id{};
  std::string user_id{};
};

struct TestSweep {
  int removed = 0;
  std::vector<std::string> left{};  // what could not be removed, and why; one sentence a record
};

// The newest record first. One whose id is not known is found by who made it, when, and what was sent; where more
// records are like that than the tests can have made, none of them is touched. What is gone for sure leaves the
// journal.
base::awaitable<TestSweep> sweep_test_records(connectors::salesforce::Client& client, TestOrgIdentity org,
                                              TestJournal& journal);

}  // namespace app
