// The gate: who may run what, on which account. One pure function over plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "engine/account_facts.hpp"
#include "engine/people.hpp"

namespace engine {

// All that the decision looks at.
struct AuthorisationRequest {
  std::string extension;                      // the task type's, e.g. "salesforce"
  std::string workflow;                       // id
  std::string alias;                          // as the task names the account
  std::vector<std::string> licensed;          // the brand's extensions
  std::string project;                        // id
  std::string owner;                          // the project's
  std::vector<std::string> owner_groups{};    // ids of the groups the owner is in
  std::string creator;                        // the workflow's
  std::optional<Binding> binding{};           // of the alias
  std::optional<AccountFacts> account{};      // of the binding
  std::vector<Collaborator> collaborators{};  // of the project; told, and never decided on
};

struct Verdict {
  std::optional<base::Error> refusal{};  // none: allowed. With waits_on: the keys that could lift it
  std::string lifted_by{};               // who can lift it and how, in a sentence
  std::string grounds{};  // of an allowed one: "own", or with whom it is shared: "usr_…", "grp_…", "brand"

  bool allowed() const { return !refusal; }
};

// Answers in this order of precedence: licence, not linked, removed, wrong org, share revoked, not the owner's, awaits
// re-authentication, expired, blocked by the org. The owner's accounts count, never the editor's or the respondent's.
// Its texts name no personal account: they are read by others than its holder.
Verdict authorise(const AuthorisationRequest& request);

// Why this user may use the account, as in Verdict::grounds; empty: may not. Of a shared account: shared with the user,
// with a group of the user's, or with the brand. Nobody but its holder may use a personal one.
std::string grounds_to_use(const AccountFacts& account, const std::string& user,
                           const std::vector<std::string>& groups);

// What a person needs to see why, as it was at this moment: alias, project and with whom it is shared, owner, creator,
// and of the account id, holder, environment, org id, with whom it is shared, last success. Ids only; a reader sees as
// much of it as may_be_shown() allows.
base::JsonText diagnosis(const AuthorisationRequest& request);

}  // namespace engine
