#include "engine/authorisation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "engine/errors.hpp"
#include "engine/hold_keys.hpp"

namespace engine {
namespace {

bool names(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// The entry of a list of shares that reaches the user; "" where none does.
std::string share_that_reaches(const std::vector<std::string>& shares, const std::string& user,
                               const std::vector<std::string>& groups) {
  if (names(shares, user)) return user;
  for (const std::string& group : groups) {
    if (names(shares, group)) return group;
  }
  return names(shares, "brand") ? "brand" : "";
}

std::string name_of(const AuthorisationRequest& request) {
  if (request.account->shared_kind) return fmt::format("account '{}'", request.account->name);
  return fmt::format("the account behind '{}'", request.alias);
}

std::string reason_of(const AccountFacts& account) {
  return account.shared_kind && !account.state_reason.empty() ? ": " + account.state_reason : "";
}

Verdict refuse(const base::ErrorCode& code, std::string message, std::vector<std::string> keys, std::string lifted_by) {
  return Verdict{base::Error{.code = code, .message = std::move(message), .waits_on = std::move(keys)},
                 std::move(lifted_by)};
}

std::string key_of_binding(const AuthorisationRequest& request) { return binding_key(request.workflow, request.alias); }

// What may change about a bound account, its sharing, and whose project it is.
std::vector<std::string> keys_of_account(const AuthorisationRequest& request) {
  return {account_key(request.binding->account), project_key(request.project), key_of_binding(request)};
}

Verdict refuse_as_not_the_owners(const AuthorisationRequest& request) {
  const AccountFacts& account = *request.account;
  const bool was_shared =
      account.shared_kind && !share_that_reaches(account.unshared, request.owner, request.owner_groups).empty();
  if (was_shared) {
    return refuse(account_share_revoked,
                  fmt::format("{} is no longer shared with the project's owner", name_of(request)),
                  keys_of_account(request), "a brand admin: share the account with the owner again");
  }
  return refuse(account_not_the_owners,
                fmt::format("{} is neither the project owner's own nor shared with the owner", name_of(request)),
                keys_of_account(request),
                "transfer the project to the account's holder, let the owner link an account, or let a brand admin "
                "share one with the owner");
}

Verdict refuse_as_awaiting(const AuthorisationRequest& request) {
  const Binding& binding = *request.binding;
  return refuse(awaits_reauthentication,
                fmt::format("version {}, an edit by {}, who is not the creator, has invalidated the login behind '{}'",
                            binding.awaits_version, binding.awaits_editor, request.alias),
                {key_of_binding(request)},
                fmt::format("the editor: log in to org {} once · the owner: refresh the account · the creator: adopt "
                            "the version",
                            binding.org_id.empty() ? request.account->org_id : binding.org_id));
}

}  // namespace

std::string grounds_to_use(const AccountFacts& account, const std::string& user,
                           const std::vector<std::string>& groups) {
  if (account.shared_kind) return share_that_reaches(account.shared_with, user, groups);
  return account.owner == user ? "own" : "";
}

Verdict authorise(const AuthorisationRequest& request) {
  if (request.extension.empty()) return {};
  if (!names(request.licensed, request.extension)) {
    return refuse(extension_not_licensed,
                  fmt::format("the licence does not hold the '{}' extension", request.extension),
                  {license_key(request.extension)}, "the operator: put the extension back into the licence");
  }
  if (!request.binding) {
    return refuse(account_not_linked, fmt::format("the account '{}' is bound to no linked account", request.alias),
                  {project_key(request.project), key_of_binding(request)},
                  "the project's owner: link an account, or have a brand admin share one with the owner, and bind the "
                  "alias to it; "
                  "or transfer the project to somebody who has one");
  }
  if (!request.account) {
    return refuse(account_removed, fmt::format("the account behind '{}' has been removed", request.alias),
                  keys_of_account(request), "the project's owner: bind the alias to another account");
  }
  const AccountFacts& account = *request.account;
  if (!request.binding->org_id.empty() && !account.org_id.empty() && request.binding->org_id != account.org_id) {
    return refuse(wrong_org,
                  fmt::format("'{}' was bound for org {}, and {} is linked to org {}", request.alias,
                              request.binding->org_id, name_of(request), account.org_id),
                  keys_of_account(request), "the project's owner: bind the alias again");
  }
  std::string grounds = grounds_to_use(account, request.owner, request.owner_groups);
  if (grounds.empty()) return refuse_as_not_the_owners(request);
  if (request.binding->awaits) return refuse_as_awaiting(request);
  const std::vector<std::string> keys{account_key(request.binding->account), key_of_binding(request)};
  if (account.state == AccountState::expired) {
    return refuse(account_token_expired,
                  fmt::format("Account Token Expired: Salesforce refuses the login of {}{}", name_of(request),
                              reason_of(account)),
                  keys, "the account's user: refresh the account");
  }
  if (account.state == AccountState::blocked_by_org) {
    return refuse(account_blocked_by_org,
                  fmt::format("the org does not let {} in{}", name_of(request), reason_of(account)), keys,
                  "the org's Salesforce admin: `sluice accounts doctor` says which setting; then refresh the account");
  }
  return Verdict{.grounds = std::move(grounds)};
}

base::JsonText diagnosis(const AuthorisationRequest& request) {
  base::JsonWriter json;
  json.begin_object();
  json.field("alias", request.alias);
  json.field("project", request.project);
  json.field("owner", request.owner);
  json.field("creator", request.creator);
  json.key("collaborators");
  json.begin_array();
  for (const Collaborator& one : request.collaborators) {
    json.begin_object();
    json.field("user", one.user);
    json.field("right", to_string(one.right));
    json.end_object();
  }
  json.end_array();
  if (request.binding) json.field("bound_to", request.binding->account);
  if (request.account) {
    const AccountFacts& account = *request.account;
    json.field("holder", account.owner);
    json.field("origin", account.shared_kind ? "extensions" : "workflows");
    json.field("environment", account.environment);
    json.field("org_id", account.org_id);
    json.key("shared_with");
    json.begin_array();
    for (const std::string& who : account.shared_with) json.string(who);
    json.end_array();
    if (!account.last_success.empty()) json.field("last_success", account.last_success);
  }
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace engine
