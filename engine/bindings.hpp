// The bindings of aliases to linked accounts: made, dropped, proved again, and taught the org of their account.
#pragma once

#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "engine/account_facts.hpp"
#include "engine/people_store.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

// Binding is no edit of a workflow. Every function here answers with the keys that it lifts, for RunQueue::lift.
class Bindings {
 public:
  using Keys = std::vector<std::string>;

  Bindings(PeopleStore& people, const WorkflowStore& workflows, const AccountDirectory& accounts, AuditLog& audit)
      : people_(people), workflows_(workflows), accounts_(accounts), audit_(audit) {}

  // Only an account that the project's owner may use, else account_not_the_owners, and only one that whoever binds may
  // see, else account_removed.
  base::awaitable<base::Result<Keys>> bind(std::string who, const Workflow& workflow, std::string alias,
                                           std::string account);
  base::awaitable<bool> unbind(std::string who, const Workflow& workflow, std::string alias);

  // The user has just proved access to the org by a login: every binding of that org that awaits because of the user's
  // edits is sound again.
  base::awaitable<Keys> prove_org(BrandId brand, std::string user, std::string org_id);
  // The user has refreshed the account: where it is the user's own, and the project too, that is proof as well.
  base::awaitable<Keys> refreshed(BrandId brand, std::string user, std::string account_id);
  // The account's org has become known: bindings that were made before hold it from now on.
  base::awaitable<Keys> learn_org(BrandId brand, std::string account_id);

  // Every binding of the brand to the account, with its workflow; removed workflows are left out.
  struct Dependant {
    const Workflow* workflow;
    Binding binding;
  };
  std::vector<Dependant> dependants(BrandId brand, std::string_view account_id) const;
  // The orgs that the user would have to log in to, so that what awaits because of the user's edits is sound again.
  std::vector<std::string> orgs_to_prove(BrandId brand, std::string_view user) const;

 private:
  std::vector<Dependant> all(BrandId brand) const;
  std::string org_of(const Binding& binding) const;
  base::awaitable<Keys> change(BrandId brand, std::string who, std::string what, std::string subject,
                               std::vector<Dependant> changed);

  PeopleStore& people_;
  const WorkflowStore& workflows_;
  const AccountDirectory& accounts_;
  AuditLog& audit_;
};

// Whether somebody may know that the account is there: its holder, whom it is shared with, and of shared ones every
// brand admin.
bool may_see(const PeopleStore& people, BrandId brand, const std::string& user, const AccountFacts& account);

}  // namespace engine
