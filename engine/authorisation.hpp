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
  std::string extension;                  // the task type's, e.g. "salesforce"
  std::string workflow;                   // id
  std::string alias;                      // as the task names the account
  std::vector<std::string> licensed;      // the brand's extensions
  std::string project;                    // id
  std::string owner;                      // the project's
  std::string creator;                    // the workflow's
  std::optional<Binding> binding{};       // of the alias
  std::optional<AccountFacts> account{};  // of the binding
};

struct Verdict {
  std::optional<base::Error> refusal{};  // none: allowed. With waits_on: the keys that could lift it
  std::string lifted_by{};               // who can lift it and how, in a sentence

  bool allowed() const { return !refusal; }
};

// Answers in this order of precedence: licence, not linked, removed, wrong org, share revoked, not the owner's,
// expired. The owner's accounts count, never the editor's or the respondent's.
Verdict authorise(const AuthorisationRequest& request);

// What a person needs to see why: owner, creator, account, environment, org id, Salesforce user, shared with whom, last
// success.
base::JsonText diagnosis(const AuthorisationRequest& request);

}  // namespace engine
