// Runs on an account whose org takes the API away from it: they wait, and go on when it is back.
#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
using promises::CallsSince;
using promises::new_response_id;
using promises::OrgPolicy;
using promises::SeedBrand;

namespace {

// A Salesforce user with a profile that nobody else has, and an account that runs as it.
class BlockableAccount {
 public:
  BlockableAccount()
      : user_(SeedBrand::add_salesforce_user(brand.production)), runs_as_(brand.production, {{"run_as_user", user_}}) {
    put_profile({{"like", "System Administrator"}});
    brand.production.local("POST", "/_local/users", json{{"username", user_}, {"profile", user_}}.dump());
    account = brand.link_server(brand.production, brand.admin.id());
    workflow = brand.running_workflow(brand.admin, account);
  }

  void set_api(bool enabled) const { put_profile({{"system", {{"PermissionsApiEnabled", enabled}}}}); }
  std::string state() const { return brand.account(brand.admin, account).at("state"); }

  const SeedBrand brand;

 private:
  void put_profile(json profile) const {
    profile["name"] = user_;
    brand.production.local("PUT", "/_local/profiles", profile.dump());
  }

  std::string user_;
  OrgPolicy runs_as_;

 public:
  std::string account;
  std::string workflow;
};

}  // namespace

TEST_CASE("runs on an account that may not use the API any more are held, and go on once it is back and refreshed") {
  const BlockableAccount blockable;
  const SeedBrand& brand = blockable.brand;
  const std::string first_response = new_response_id();
  const std::string second_response = new_response_id();
  blockable.set_api(false);
  const CallsSince calls(brand.production);

  const std::string first = brand.deliver(brand.admin, blockable.workflow, first_response);
  const json held = brand.held_run(brand.admin, first, "account_blocked_by_org");
  CHECK_THAT(held.dump(), Catch::Contains("API is disabled for this user"));
  CHECK(blockable.state() == "blocked_by_org");
  const std::string second = brand.deliver(brand.admin, blockable.workflow, second_response);
  brand.held_run(brand.admin, second, "account_blocked_by_org");
  // The second run was held by the gate: nothing was asked for it.
  CHECK(calls.count("path=/sobjects/") == 1);
  CHECK(calls.count("path=/sobjects/&status=403") == 1);

  blockable.set_api(true);
  brand.admin.ask(200, "POST", "/accounts/" + blockable.account + "/refresh");
  brand.run_when(brand.admin, first, "succeeded");
  brand.run_when(brand.admin, second, "succeeded");
  CHECK(blockable.state() == "ok");
  CHECK(brand.kept_scores(brand.production, first_response) == 1);
  CHECK(brand.kept_scores(brand.production, second_response) == 1);
}

TEST_CASE("an account that is refreshed while the API is still off is blocked again, and nothing is written") {
  const BlockableAccount blockable;
  const SeedBrand& brand = blockable.brand;
  const std::string response = new_response_id();
  blockable.set_api(false);
  const std::string run = brand.deliver(brand.admin, blockable.workflow, response);
  brand.held_run(brand.admin, run, "account_blocked_by_org");

  const CallsSince calls(brand.production);
  brand.admin.ask(200, "POST", "/accounts/" + blockable.account + "/refresh");
  support::eventually("the run asks once more", [&] { return calls.count("path=/sobjects/&status=403") == 1; });
  brand.held_run(brand.admin, run, "account_blocked_by_org");
  CHECK(brand.kept_scores(brand.production, response) == 0);
}
