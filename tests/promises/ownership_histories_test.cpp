// Random histories over HTTP, against the running program and two orgs: the gate and a short model say the same, and
// the orgs' own logs hold no call with an identity that the model forbids.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/promises/http_history.hpp"
#include "tests/promises/world.hpp"

namespace {

constexpr int steps_of_a_history = 12;
// A world that has seen more than this is slow to search for what it has just heard.
constexpr int histories_of_a_world = 100;

void live_through_histories(int first, int last, promises::Seen& seen) {
  promises::OwnershipWorld world;
  for (int seed = first; seed <= last; ++seed) {
    for (promises::OrgProgram* org : {&world.first, &world.second}) org->forget_calls();
    promises::HttpHistory history(world, static_cast<std::uint64_t>(seed), seen);
    for (int step = 0; step < steps_of_a_history; ++step) history.take_a_step();
    history.check_that_nothing_was_lost();
  }
}

}  // namespace

TEST_CASE("random histories over HTTP: the gate says what a short model says, and the orgs hear from nobody else") {
  promises::Seen seen;
  const int histories = 40 * promises::test_factor();
  for (int first = 1; first <= histories; first += histories_of_a_world)
    live_through_histories(first, std::min(histories, first + histories_of_a_world - 1), seen);
  // Over HTTP an account never leaves its org, so that a binding is never for another one.
  for (const char* verdict :
       {"allowed", "extension_not_licensed", "account_not_linked", "account_removed", "account_share_revoked",
        "account_not_the_owners", "awaits_reauthentication", "account_token_expired", "account_blocked_by_org"}) {
    INFO(verdict);
    CHECK(seen.verdicts[verdict] > 0);
  }
  WARN(histories << " histories: " << seen.logins << " logins, " << seen.writes << " records written, " << seen.held
                 << " runs held unread, no call but by the account that the model allows");
}
