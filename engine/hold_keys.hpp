// The keys that held runs wait on: their spelling, and which of them a change lifts.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/people.hpp"

namespace engine {

std::string license_key(std::string_view extension);
std::string project_key(std::string_view project);
std::string account_key(std::string_view account);
std::string binding_key(std::string_view workflow, std::string_view alias);
// An object of the account's org, in small letters, whose schema a mapping no longer fits.
std::string schema_key(std::string_view account, std::string_view object);

// What has changed, as far as the gate may answer differently after it.
struct LicenceChanged {
  std::vector<std::string> extensions;  // that it holds now
};
struct OwnershipChanged {
  std::string project;
};
// A share, a state, a login, an org.
struct AccountChanged {
  std::string account;
};
struct BindingChanged {
  std::string workflow;
  std::string alias;
};
// Somebody has joined or left a group: what is shared with the group reaches another set of projects.
struct MembershipChanged {
  std::string user;
};
using Changed = std::variant<LicenceChanged, OwnershipChanged, AccountChanged, BindingChanged, MembershipChanged>;

// Every key whose runs may go on now; `projects`: all of the brand's.
std::vector<std::string> keys_lifted_by(const Changed& change, const std::vector<Project>& projects);

}  // namespace engine
