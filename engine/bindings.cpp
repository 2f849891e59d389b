#include "engine/bindings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "engine/authorisation.hpp"
#include "engine/errors.hpp"
#include "engine/hold_keys.hpp"

namespace engine {
namespace {

base::JsonText details_of_bindings(const std::vector<Bindings::Dependant>& changed) {
  base::JsonWriter json;
  json.begin_object();
  json.key("bindings");
  json.begin_array();
  for (const Bindings::Dependant& one : changed) json.string(fmt::format("{}:{}", one.workflow->id, one.binding.alias));
  json.end_array();
  json.end_object();
  return {json.take()};
}

void make_sound(Binding& binding) {
  binding.awaits = false;
  binding.awaits_editor.clear();
  binding.awaits_version = 0;
}

}  // namespace

bool may_see(const PeopleStore& people, BrandId brand, const std::string& user, const AccountFacts& account) {
  if (!grounds_to_use(account, user, people.groups_of(brand, user)).empty()) return true;
  if (!account.shared_kind) return false;
  const std::optional<User> found = people.user(brand, user);
  return found && found->role == Role::brand_admin;
}

base::awaitable<base::Result<Bindings::Keys>> Bindings::bind(std::string who, const Workflow& workflow,
                                                             std::string alias, std::string account) {
  const std::optional<AccountFacts> facts = accounts_.find(account);
  if (!facts || !may_see(people_, workflow.brand, who, *facts))
    co_return base::Error{account_removed, "there is no such account, or you may not use it"};
  const std::optional<Project> project = people_.project(workflow.brand, workflow.project);
  const std::string owner = project ? project->owner : "";
  if (grounds_to_use(*facts, owner, people_.groups_of(workflow.brand, owner)).empty()) {
    co_return base::Error{account_not_the_owners,
                          fmt::format("account '{}' is neither the project owner's own nor shared with the owner: "
                                      "transfer the project to the account's holder, let the owner link an account, or "
                                      "let a brand admin share one with the owner",
                                      facts->name)};
  }
  Binding binding{workflow.no, alias, account, facts->org_id};
  const std::string key = binding_key(workflow.id, alias);
  co_await people_.bind(std::move(who), workflow.brand, std::move(binding));
  Keys keys{key};
  co_return keys;
}

base::awaitable<bool> Bindings::unbind(std::string who, const Workflow& workflow, std::string alias) {
  if (!people_.binding(workflow.brand, workflow.no, alias)) co_return false;
  co_await people_.unbind(std::move(who), workflow.brand, workflow.no, std::move(alias));
  co_return true;
}

base::awaitable<Bindings::Keys> Bindings::prove_org(BrandId brand, std::string user, std::string org_id) {
  std::vector<Dependant> proved;
  for (Dependant& one : all(brand)) {
    if (!one.binding.awaits || one.binding.awaits_editor != user || org_of(one.binding) != org_id) continue;
    make_sound(one.binding);
    proved.push_back(std::move(one));
  }
  co_return co_await change(brand, std::move(user), "binding.proved", std::move(org_id), std::move(proved));
}

base::awaitable<Bindings::Keys> Bindings::refreshed(BrandId brand, std::string user, std::string account_id) {
  std::vector<Dependant> proved;
  const std::optional<AccountFacts> account = accounts_.find(account_id);
  for (Dependant& one : dependants(brand, account_id)) {
    const std::optional<Project> project = people_.project(brand, one.workflow->project);
    const bool is_owners = account && account->owner == user && project && project->owner == user;
    if (!one.binding.awaits || !is_owners) continue;
    make_sound(one.binding);
    proved.push_back(std::move(one));
  }
  co_return co_await change(brand, std::move(user), "binding.proved", std::move(account_id), std::move(proved));
}

base::awaitable<Bindings::Keys> Bindings::learn_org(BrandId brand, std::string account_id) {
  std::vector<Dependant> taught;
  const std::optional<AccountFacts> account = accounts_.find(account_id);
  for (Dependant& one : dependants(brand, account_id)) {
    if (!account || account->org_id.empty() || !one.binding.org_id.empty()) continue;
    one.binding.org_id = account->org_id;
    taught.push_back(std::move(one));
  }
  co_return co_await change(brand, "system", "binding.org_learned", std::move(account_id), std::move(taught));
}

std::vector<Bindings::Dependant> Bindings::dependants(BrandId brand, std::string_view account_id) const {
  std::vector<Dependant> list = all(brand);
  std::erase_if(list, [&](const Dependant& one) { return one.binding.account != account_id; });
  return list;
}

std::vector<std::string> Bindings::orgs_to_prove(BrandId brand, std::string_view user) const {
  std::vector<std::string> orgs;
  for (const Dependant& one : all(brand)) {
    const std::string org = org_of(one.binding);
    const bool is_new = std::find(orgs.begin(), orgs.end(), org) == orgs.end();
    if (one.binding.awaits && one.binding.awaits_editor == user && is_new) orgs.push_back(org);
  }
  return orgs;
}

std::vector<Bindings::Dependant> Bindings::all(BrandId brand) const {
  std::vector<Dependant> list;
  for (const Workflow* workflow : workflows_.all(brand)) {
    for (Binding& binding : people_.bindings(brand, workflow->no)) list.push_back({workflow, std::move(binding)});
  }
  return list;
}

// The one it was made for; of a binding that is older than the account's first login, the account's.
std::string Bindings::org_of(const Binding& binding) const {
  if (!binding.org_id.empty()) return binding.org_id;
  const std::optional<AccountFacts> account = accounts_.find(binding.account);
  return account ? account->org_id : "";
}

base::awaitable<Bindings::Keys> Bindings::change(BrandId brand, std::string who, std::string what, std::string subject,
                                                 std::vector<Dependant> changed) {
  Keys keys;
  if (changed.empty()) co_return keys;
  base::sql::Batch batch;
  for (const Dependant& one : changed) {
    batch.push_back(PeopleStore::put_standing(brand, one.binding));
    keys.push_back(binding_key(one.workflow->id, one.binding.alias));
  }
  AuditEntry entry{std::move(who), std::move(what), std::move(subject), details_of_bindings(changed)};
  co_await audit_.commit(brand, std::move(entry), std::move(batch));
  for (const Dependant& one : changed) people_.standing_is(brand, one.binding);
  co_return keys;
}

}  // namespace engine
