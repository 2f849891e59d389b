#include "app/api/account_json.hpp"

#include <algorithm>
#include <map>

namespace app::api {
namespace {

using connectors::AccountState;

std::string_view status_for_people(AccountState state) {
  switch (state) {
    case AccountState::ok: return "OK";
    case AccountState::refreshing: return "Refreshing";
    case AccountState::expired: return "Account Token Expired";
    case AccountState::blocked_by_org: return "Blocked By The Org";
    case AccountState::removed: return "Removed";
  }
  return "Removed";
}

}  // namespace

bool may_see_account(const Context& context, const Principal& who, const connectors::LinkedAccount& account) {
  if (account.origin == connectors::Origin::workflows) return account.owner == who.user;
  if (who.is_admin()) return true;
  const std::vector<std::string> groups = context.services.people.groups_of(who.brand, who.user);
  return std::ranges::any_of(account.shares, [&](const connectors::Share& share) {
    const bool is_with_asker =
        share.with == "brand" || share.with == who.user || std::ranges::find(groups, share.with) != groups.end();
    return !share.revoked && is_with_asker;
  });
}

bool may_manage_account(const Principal& who, const connectors::LinkedAccount& account) {
  return account.origin == connectors::Origin::workflows ? account.owner == who.user : who.is_admin();
}

void write_account(base::JsonWriter& json, const connectors::LinkedAccount& account) {
  json.begin_object();
  json.field("id", account.id);
  json.field("name", account.name);
  json.field("origin", connectors::to_string(account.origin));
  json.field("environment", connectors::to_string(account.environment));
  json.field("login", connectors::to_string(account.login.kind));
  json.field("state", connectors::to_string(account.state));
  json.field("status", status_for_people(account.state));
  if (!account.state_reason.empty()) json.field("reason", account.state_reason);
  json.field("owner", account.owner);
  json.field("org_id", account.org_id);
  json.field("salesforce_user", account.salesforce_user);
  if (!account.salesforce_username.empty()) json.field("salesforce_username", account.salesforce_username);
  if (account.slot > 0) json.field("slot", account.slot);
  json.key("shared_with");
  json.begin_array();
  for (const connectors::Share& share : account.shares) {
    if (!share.revoked) json.string(share.with);
  }
  json.end_array();
  if (account.linked_at) json.field("linked_at", base::to_iso8601(*account.linked_at));
  if (account.last_success) json.field("last_success", base::to_iso8601(*account.last_success));
  json.end_object();
}

base::awaitable<AccountDependants> dependants_of(Context& context, engine::BrandId brand, std::string account_id) {
  AccountDependants dependants;
  dependants.bound = context.services.bindings.dependants(brand, account_id);
  std::vector<std::int64_t> workflows;
  for (const engine::Bindings::Dependant& one : dependants.bound) {
    if (std::ranges::find(workflows, one.workflow->no) == workflows.end()) workflows.push_back(one.workflow->no);
  }
  if (!workflows.empty()) dependants.runs = co_await context.services.history.waiting_runs(brand, std::move(workflows));
  co_return dependants;
}

void write_dependants(base::JsonWriter& json, const AccountDependants& dependants) {
  std::map<const engine::Workflow*, std::vector<std::string>> aliases;
  for (const engine::Bindings::Dependant& one : dependants.bound) aliases[one.workflow].push_back(one.binding.alias);
  json.key("workflows");
  json.begin_array();
  for (const auto& [workflow, of_workflow] : aliases) {
    json.begin_object();
    json.field("id", workflow->id);
    json.field("name", workflow->name);
    json.field("project", workflow->project);
    json.key("aliases");
    json.begin_array();
    for (const std::string& alias : of_workflow) json.string(alias);
    json.end_array();
    json.field("enabled", workflow->enabled);
    json.end_object();
  }
  json.end_array();
  json.key("runs");
  json.begin_object();
  json.field("queued", dependants.runs.queued);
  json.field("held", dependants.runs.held);
  json.end_object();
}

}  // namespace app::api
