#include "engine/authorisation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "engine/errors.hpp"

namespace engine {
namespace {

bool names(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_shared_with_owner(const AccountFacts& account, const std::string& owner) {
  return names(account.shared_with, owner) || names(account.shared_with, "brand");
}

bool was_shared_with_owner(const AccountFacts& account, const std::string& owner) {
  return names(account.unshared, owner) || names(account.unshared, "brand");
}

bool may_be_used_by_owner(const AccountFacts& account, const std::string& owner) {
  return account.shared_kind ? is_shared_with_owner(account, owner) : account.owner == owner;
}

// Who does not hold a personal account sees of it only environment and org; a run's history is read by others than its
// holder.
bool may_be_shown(const AccountFacts& account, const std::string& owner) {
  return account.shared_kind || account.owner == owner;
}

std::string name_of(const AuthorisationRequest& request) {
  if (may_be_shown(*request.account, request.owner)) return fmt::format("account '{}'", request.account->name);
  return fmt::format("the account behind '{}'", request.alias);
}

Verdict refuse(const base::ErrorCode& code, std::string message, std::vector<std::string> keys, std::string lifted_by) {
  return Verdict{base::Error{.code = code, .message = std::move(message), .waits_on = std::move(keys)},
                 std::move(lifted_by)};
}

}  // namespace

Verdict authorise(const AuthorisationRequest& request) {
  if (request.extension.empty()) return {};
  if (!names(request.licensed, request.extension)) {
    return refuse(extension_not_licensed,
                  fmt::format("the licence does not hold the '{}' extension", request.extension),
                  {"license:" + request.extension}, "the operator: put the extension back into the licence");
  }
  const std::string binding_key = fmt::format("binding:{}:{}", request.workflow, request.alias);
  if (!request.binding) {
    return refuse(account_not_linked, fmt::format("the account '{}' is bound to no linked account", request.alias),
                  {"project:" + request.project, binding_key},
                  "the project's owner: bind the alias to one of the owner's accounts");
  }
  const std::string account_key = "account:" + request.binding->account;
  const std::vector<std::string> keys{account_key, "project:" + request.project, binding_key};
  if (!request.account) {
    return refuse(account_removed, fmt::format("the account behind '{}' has been removed", request.alias), keys,
                  "the project's owner: bind the alias to another account");
  }
  const AccountFacts& account = *request.account;
  if (!request.binding->org_id.empty() && !account.org_id.empty() && request.binding->org_id != account.org_id) {
    return refuse(wrong_org,
                  fmt::format("'{}' was bound for org {}, and {} is linked to org {}", request.alias,
                              request.binding->org_id, name_of(request), account.org_id),
                  keys, "the project's owner: bind the alias again");
  }
  if (!may_be_used_by_owner(account, request.owner)) {
    if (account.shared_kind && was_shared_with_owner(account, request.owner)) {
      return refuse(account_share_revoked,
                    fmt::format("{} is no longer shared with the project's owner", name_of(request)), keys,
                    "a brand admin: share the account with the owner again");
    }
    return refuse(
        account_not_the_owners,
        fmt::format("{} is neither the project owner's own nor shared with the owner", name_of(request)), keys,
        "transfer the project to the account's holder, let the owner link an account, or let a brand admin share one "
        "with the owner");
  }
  if (account.expired) {
    return refuse(account_token_expired,
                  fmt::format("Account Token Expired: Salesforce refuses the login of {}", name_of(request)),
                  {account_key, binding_key}, "the account's user: refresh the account");
  }
  return {};
}

base::JsonText diagnosis(const AuthorisationRequest& request) {
  base::JsonWriter json;
  json.begin_object();
  json.field("alias", request.alias);
  json.field("project", request.project);
  json.field("owner", request.owner);
  json.field("creator", request.creator);
  if (request.binding) json.field("bound_to", request.binding->account);
  if (request.account) {
    json.field("environment", request.account->environment);
    json.field("org_id", request.account->org_id);
  }
  if (request.account && may_be_shown(*request.account, request.owner)) {
    const AccountFacts& account = *request.account;
    json.field("account", account.name);
    json.field("salesforce_user", account.salesforce_user);
    json.key("shared_with");
    json.begin_array();
    for (const std::string& who : account.shared_with) json.string(who);
    json.end_array();
    json.field("last_success", account.last_success);
  }
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace engine
