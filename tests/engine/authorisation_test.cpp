#include "engine/authorisation.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"

namespace {

engine::AuthorisationRequest an_allowed_request() {
  engine::AuthorisationRequest request{.extension = "salesforce",
                                       .workflow = "wfl_w",
                                       .alias = "crm",
                                       .licensed = {"salesforce"},
                                       .project = "prj_p",
                                       .owner = "usr_owner",
                                       .creator = "usr_creator"};
  request.binding = engine::Binding{1, "crm", "acc_a", "00D_one"};
  engine::AccountFacts account;
  account.id = "acc_a";
  account.name = "Production";
  account.environment = "production";
  account.owner = "usr_owner";
  account.org_id = "00D_one";
  request.account = account;
  return request;
}

engine::AuthorisationRequest a_shared_request(std::vector<std::string> with, std::vector<std::string> unshared = {}) {
  engine::AuthorisationRequest request = an_allowed_request();
  request.account->shared_kind = true;
  request.account->owner = "usr_admin";
  request.account->shared_with = std::move(with);
  request.account->unshared = std::move(unshared);
  return request;
}

std::string code_of(const engine::AuthorisationRequest& request) {
  const engine::Verdict verdict = engine::authorise(request);
  return verdict.allowed() ? "allowed" : std::string(verdict.refusal->code.name);
}

using Change = void (*)(engine::AuthorisationRequest&);
struct GateFault {
  const char* code;
  Change make;
};

// In order of precedence.
const GateFault faults[] = {
    {"extension_not_licensed", [](engine::AuthorisationRequest& request) { request.licensed = {"other"}; }},
    {"account_not_linked", [](engine::AuthorisationRequest& request) { request.binding.reset(); }},
    {"account_removed", [](engine::AuthorisationRequest& request) { request.account.reset(); }},
    {"wrong_org",
     [](engine::AuthorisationRequest& request) {
       if (request.account) request.account->org_id = "00D_two";
     }},
    {"account_not_the_owners", [](engine::AuthorisationRequest& request) { request.owner = "usr_somebody"; }},
    {"awaits_reauthentication",
     [](engine::AuthorisationRequest& request) {
       if (request.binding) request.binding->awaits = true;
     }},
    {"account_token_expired",
     [](engine::AuthorisationRequest& request) {
       if (request.account) request.account->state = engine::AccountState::expired;
     }},
    {"account_blocked_by_org",
     [](engine::AuthorisationRequest& request) {
       // The state holds one of the two; a login that is refused is never also let in.
       if (request.account && request.account->state == engine::AccountState::ok)
         request.account->state = engine::AccountState::blocked_by_org;
     }},
};

}  // namespace

TEST_CASE("the owner's own account is allowed") { CHECK(code_of(an_allowed_request()) == "allowed"); }

TEST_CASE("each fault alone has its code, and says what lifts it and who") {
  for (const GateFault& fault : faults) {
    engine::AuthorisationRequest request = an_allowed_request();
    fault.make(request);
    const engine::Verdict verdict = engine::authorise(request);
    INFO(fault.code);
    REQUIRE(!verdict.allowed());
    CHECK(verdict.refusal->code.name == fault.code);
    CHECK(verdict.refusal->code.kind == base::Kind::blocked);
    CHECK(!verdict.refusal->message.empty());
    CHECK(!verdict.refusal->waits_on.empty());
    CHECK(!verdict.lifted_by.empty());
  }
}

TEST_CASE("of two faults the first in the order of precedence is named") {
  for (std::size_t first = 0; first < std::size(faults); ++first) {
    for (std::size_t second = first + 1; second < std::size(faults); ++second) {
      engine::AuthorisationRequest request = an_allowed_request();
      faults[first].make(request);
      faults[second].make(request);
      CHECK(code_of(request) == faults[first].code);
    }
  }
}

TEST_CASE("an ordinary task needs neither licence nor account") {
  engine::AuthorisationRequest request;
  CHECK(code_of(request) == "allowed");
}

TEST_CASE("a shared account counts for whom it is shared with, its own holder included") {
  CHECK(code_of(a_shared_request({"usr_owner"})) == "allowed");
  CHECK(code_of(a_shared_request({"brand"})) == "allowed");
  CHECK(code_of(a_shared_request({"usr_creator"})) == "account_not_the_owners");
  CHECK(code_of(a_shared_request({})) == "account_not_the_owners");
}

TEST_CASE("a share that was taken back is told apart from one that never was") {
  CHECK(code_of(a_shared_request({}, {"usr_owner"})) == "account_share_revoked");
  CHECK(code_of(a_shared_request({}, {"brand"})) == "account_share_revoked");
  CHECK(code_of(a_shared_request({}, {"usr_creator"})) == "account_not_the_owners");
  CHECK(code_of(a_shared_request({"brand"}, {"usr_owner"})) == "allowed");  // shared again, another way
}

TEST_CASE("a group of the owner's reaches the owner, and what is taken back from it is a revoked share") {
  engine::AuthorisationRequest request = a_shared_request({"grp_sales"});
  CHECK(code_of(request) == "account_not_the_owners");
  request.owner_groups = {"grp_other", "grp_sales"};
  CHECK(code_of(request) == "allowed");
  request.account->shared_with.clear();
  request.account->unshared = {"grp_sales"};
  CHECK(code_of(request) == "account_share_revoked");
  request.owner_groups = {"grp_other"};
  CHECK(code_of(request) == "account_not_the_owners");
}

TEST_CASE("an allowed verdict says on which grounds: the nearest share, or the owner's own account") {
  struct Case {
    std::vector<std::string> shared_with;
    const char* grounds;
  };
  const Case cases[] = {
      {{"brand", "grp_g", "usr_owner"}, "usr_owner"}, {{"brand", "grp_g"}, "grp_g"}, {{"brand", "grp_other"}, "brand"}};
  for (const Case& example : cases) {
    engine::AuthorisationRequest request = a_shared_request(example.shared_with);
    request.owner_groups = {"grp_g"};
    CHECK(engine::authorise(request).grounds == example.grounds);
  }
  CHECK(engine::authorise(an_allowed_request()).grounds == "own");
}

TEST_CASE("an awaiting binding names the edit and its editor, the org, and the three ways out") {
  engine::AuthorisationRequest request = an_allowed_request();
  request.binding->awaits = true;
  request.binding->awaits_editor = "usr_editor";
  request.binding->awaits_version = 7;
  const engine::Verdict verdict = engine::authorise(request);
  CHECK_THAT(verdict.refusal->message, Catch::Contains("version 7") && Catch::Contains("usr_editor"));
  for (const char* way : {"the editor: log in to org 00D_one", "the owner: refresh", "the creator: adopt"})
    CHECK_THAT(verdict.lifted_by, Catch::Contains(way));
}

TEST_CASE("a revoked share comes before an expired login, and a wrong org before both") {
  engine::AuthorisationRequest request = a_shared_request({}, {"usr_owner"});
  request.account->state = engine::AccountState::expired;
  CHECK(code_of(request) == "account_share_revoked");
  request.account->org_id = "00D_two";
  CHECK(code_of(request) == "wrong_org");
}

TEST_CASE("a personal account is nobody else's, whatever it is said to be shared with") {
  engine::AuthorisationRequest request = an_allowed_request();
  request.owner = "usr_admin";
  request.account->shared_with = {"usr_admin", "brand"};
  CHECK(code_of(request) == "account_not_the_owners");
}

TEST_CASE("the creator's account does not count") {
  engine::AuthorisationRequest request = an_allowed_request();
  request.account->owner = request.creator;
  CHECK(code_of(request) == "account_not_the_owners");
}

TEST_CASE("an org that is not known yet is no wrong org") {
  engine::AuthorisationRequest request = an_allowed_request();
  request.binding->org_id.clear();
  CHECK(code_of(request) == "allowed");
  request = an_allowed_request();
  request.account->org_id.clear();
  CHECK(code_of(request) == "allowed");
}

TEST_CASE("what could lift a refusal is named by its keys") {
  engine::AuthorisationRequest request = an_allowed_request();
  request.licensed.clear();
  CHECK(engine::authorise(request).refusal->waits_on == std::vector<std::string>{"license:salesforce"});

  request = an_allowed_request();
  request.account->state = engine::AccountState::expired;
  CHECK(engine::authorise(request).refusal->waits_on == std::vector<std::string>{"account:acc_a", "binding:wfl_w:crm"});

  request = an_allowed_request();
  request.binding->awaits = true;
  CHECK(engine::authorise(request).refusal->waits_on == std::vector<std::string>{"binding:wfl_w:crm"});

  request = an_allowed_request();
  request.binding.reset();
  CHECK(engine::authorise(request).refusal->waits_on == std::vector<std::string>{"project:prj_p", "binding:wfl_w:crm"});

  request = an_allowed_request();
  request.owner = "usr_somebody";
  CHECK(engine::authorise(request).refusal->waits_on ==
        std::vector<std::string>{"account:acc_a", "project:prj_p", "binding:wfl_w:crm"});
}

TEST_CASE("the diagnosis names owner, creator, account, holder, environment, org and shares, all by id") {
  engine::AuthorisationRequest request = a_shared_request({"usr_x", "brand"});
  request.account->salesforce_user = "ops@example.com";
  const nlohmann::json told = nlohmann::json::parse(engine::diagnosis(request).text);
  CHECK(told["owner"] == "usr_owner");
  CHECK(told["creator"] == "usr_creator");
  CHECK(told["bound_to"] == "acc_a");
  CHECK(told["holder"] == "usr_admin");
  CHECK(told["environment"] == "production");
  CHECK(told["org_id"] == "00D_one");
  CHECK(told["shared_with"] == nlohmann::json{"usr_x", "brand"});
  CHECK(told.dump().find("Production") == std::string::npos);
  CHECK(told.dump().find("ops@example.com") == std::string::npos);
}

TEST_CASE("no refusal names a personal account, its holder's login or Salesforce's words about it") {
  for (const GateFault& fault : faults) {
    engine::AuthorisationRequest request = an_allowed_request();
    request.account->state_reason = "invalid_grant";
    request.account->salesforce_user = "ada@example.com";
    fault.make(request);
    const engine::Verdict verdict = engine::authorise(request);
    const std::string told = verdict.refusal->message + verdict.lifted_by;
    for (const char* word : {"Production", "invalid_grant", "ada@example.com"})
      CHECK(told.find(word) == std::string::npos);
  }
}

TEST_CASE("who does not hold a personal account may not be shown it; a shared one may be seen") {
  engine::AccountFacts account = *an_allowed_request().account;
  CHECK(engine::may_be_shown(account, "usr_owner"));
  CHECK_FALSE(engine::may_be_shown(account, "usr_admin"));
  CHECK_FALSE(engine::may_be_shown(account, ""));
  account.shared_kind = true;
  CHECK(engine::may_be_shown(account, "usr_anybody"));
}
