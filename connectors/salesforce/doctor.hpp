// The doctor: does an org let a linked account do what is needed? One line a requirement, read-only, safe on
// production.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/ip_range.hpp"
#include "connectors/accounts/linked_account.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace connectors::salesforce {

// cannot_tell: the check could not run; it is never taken for a pass. not_applicable: nothing here asks for it.
enum class Verdict { pass, fail, cannot_tell, not_applicable };

struct Check {
  std::string check;  // api_enabled, login_ip, …: the requirement's name
  Verdict verdict = Verdict::cannot_tell;
  std::string message{};     // what was found, or who can find out
  std::string fix{};         // of a fail, and of what cannot be told
  std::string setup_path{};  // where in Salesforce's Setup
};

// Whose account it is about, and from where this program reaches the org.
struct Patient {
  std::string account_id{};
  Environment environment = Environment::production;
  LoginKind login = LoginKind::client_credentials;
  std::string token_url{};
  base::IpRanges egress{};  // as the operator has said; empty: not said
};

Patient patient_of(const LinkedAccount& account, base::IpRanges egress);

// Asks the org as the linked user, and says what it found: every requirement, always in the same order. Without needs
// the requirements on objects and fields are not_applicable.
base::awaitable<std::vector<Check>> examine(Client& client, Patient patient, OrgNeeds needs);

std::string_view to_string(Verdict verdict);

}  // namespace connectors::salesforce
