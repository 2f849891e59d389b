#include "tests/promises/http_history.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <catch2/catch.hpp>

namespace promises {

using nlohmann::json;

namespace {

const std::vector<Name> people{"usr_0", "usr_1", "usr_2", "usr_3"};
const std::vector<Name> teams{"grp_0", "grp_1"};
constexpr std::size_t personal_accounts_max = 5;  // of a user, as the seed page says

}  // namespace

HttpHistory::HttpHistory(OwnershipWorld& world, std::uint64_t seed, Seen& seen)
    : world_(world),
      tenant_(world, fmt::format("brand {}", seed), people, teams),
      dice_(seed),
      seen_(seen),
      seed_(seed) {
  for (const Name& user : people) {
    if (user != model_.owner) grant(user);
  }
  link({.holder = model_.owner});
  link({.holder = "usr_1"});
  link({.holder = "admin", .is_shared = true});
  link({.holder = "admin", .is_shared = true, .org = "org_2"});
  share_with("acc_2", once_in(2) ? model_.owner : "brand");
  for (const char* account : {"acc_0", "acc_2"}) add_workflow(one_of(people), account);
  check();
}

void HttpHistory::take_a_step() {
  const std::vector<std::pair<const char*, void (HttpHistory::*)()>> steps{
      {"share", &HttpHistory::share},
      {"unshare", &HttpHistory::unshare},
      {"transfer", &HttpHistory::transfer},
      {"edit", &HttpHistory::edit},
      {"edit", &HttpHistory::edit},
      {"propose", &HttpHistory::propose},
      {"bind", &HttpHistory::bind},
      {"bind", &HttpHistory::bind},
      {"unbind", &HttpHistory::unbind},
      {"prove", &HttpHistory::prove},
      {"refresh", &HttpHistory::refresh},
      {"adopt", &HttpHistory::adopt},
      {"licence", &HttpHistory::licence},
      {"lose", &HttpHistory::lose},
      {"link", &HttpHistory::link_another},
      {"unlink", &HttpHistory::unlink},
      {"membership", &HttpHistory::membership},
      {"right", &HttpHistory::change_right},
      {"delete", &HttpHistory::replace_workflow},
      {"run", &HttpHistory::run},
      {"run", &HttpHistory::run},
      {"run", &HttpHistory::run},
  };
  const auto& [name, step] = steps[dice_.below(steps.size())];
  told_ += fmt::format("{} ", name);
  INFO("seed " << seed_ << ": " << told_);
  (this->*step)();
  check();
}

void HttpHistory::check_that_nothing_was_lost() {
  INFO("seed " << seed_ << ": " << told_ << "clear");
  if (!model_.licensed) licence();
  check();
  for (const auto& [name, workflow] : ids_of_workflows_) bind_to(name, link({.holder = model_.owner}));
  check();
  for (const auto& [response, run] : runs_) CHECK(run.state == (run.is_cancelled ? "cancelled" : "succeeded"));
}

Name HttpHistory::some_workflow() {
  return std::next(model_.workflows.begin(), static_cast<long>(dice_.below(model_.workflows.size())))->first;
}

Name HttpHistory::some_account() {
  const Name bound = model_.workflows.at(some_workflow()).account;
  if (!bound.empty() && once_in(2)) return bound;
  return fmt::format("acc_{}", dice_.below(model_.accounts.size()));
}

Name HttpHistory::some_partner() { return once_in(4) ? "brand" : once_in(2) ? one_of(teams) : one_of(people); }

Name HttpHistory::salesforce_user_of(const Name& account) {
  return salesforce_user(std::stoi(account.substr(account.find('_') + 1)));
}

json HttpHistory::document() {
  return {{"name", "Keep the score"},
          {"trigger", {{"type", "survey_response"}}},
          {"tasks",
           {{"answer",
             {{"type", "salesforce_upsert"},
              {"account", "crm"},
              {"with",
               {{"object", "Survey_Response__c"},
                {"key", {{"Response_Id__c", "${rm://Field/ResponseID}"}}},
                {"fields", {{"Comment__c", fmt::format("edit {}", ++edits_)}}}}}}}}}};
}

// ---- accounts

LoggedIn HttpHistory::log_in(const Name& who, json wish, const Name& org, const Name& salesforce_user) {
  ++seen_.logins;
  logging_in_.insert(salesforce_user);
  return tenant_.log_in(who, std::move(wish), org, salesforce_user);
}

Name HttpHistory::link(ownership::Account account) {
  const Name name = fmt::format("acc_{}", model_.accounts.size());
  const auto log_in_for_it = [&] {
    return log_in(account.holder, {{"purpose", account.is_shared ? "share" : "link"}, {"name", name}}, account.org,
                  salesforce_user_of(name));
  };
  if (!account.is_shared && personal_accounts_of(account.holder).size() == personal_accounts_max) {
    CHECK(log_in_for_it().code == "account_limit_reached");
    remove_an_unbound_one(personal_accounts_of(account.holder));
  }
  const LoggedIn login = log_in_for_it();
  INFO(login.code);
  REQUIRE_FALSE(login.account.empty());
  ids_of_accounts_[name] = login.account;
  model_.accounts[name] = std::move(account);
  return name;
}

void HttpHistory::link_another() {
  const Name user = one_of(people);
  const Name org = once_in(2) ? "org_1" : "org_2";
  if (model_.licensed) {
    link({.holder = user, .org = org});
  } else {
    CHECK(log_in(user, {{"purpose", "link"}}, org, "nobody").code == "extension_not_licensed");
  }
}

std::vector<Name> HttpHistory::personal_accounts_of(const Name& user) {
  std::vector<Name> names;
  for (const auto& [name, account] : model_.accounts) {
    if (!account.is_shared && account.holder == user && !is_removed(name)) names.push_back(name);
  }
  return names;
}

void HttpHistory::remove_an_unbound_one(const std::vector<Name>& accounts) {
  const auto unbound = std::ranges::find_if(accounts, [&](const Name& name) {
    return std::ranges::none_of(model_.workflows,
                                [&](const auto& workflow) { return workflow.second.account == name; });
  });
  REQUIRE(unbound != accounts.end());
  remove(*unbound);
}

void HttpHistory::unlink() {
  const Name name = some_account();
  if (!is_removed(name)) remove(name);
}

void HttpHistory::remove(const Name& name) {
  tenant_.ask(204, model_.accounts[name].holder, "DELETE", path_of_account(name));
  model_.accounts[name].state = "removed";
}

void HttpHistory::lose() {
  const Name name = some_account();
  ownership::Account& account = model_.accounts.at(name);
  if (is_removed(name)) return;
  if (!model_.licensed) {
    const json refused = tenant_.ask(409, account.holder, "POST", path_of_account(name) + "/refresh");
    CHECK(refused.at("code") == "extension_not_licensed");
    return;
  }
  const Name user = salesforce_user_of(name);
  const bool is_blocked = once_in(2) && account.state != "expired";  // a dead token is refused whoever it is
  if (is_blocked)
    block({user});
  else
    world_.org(account.org).local("POST", "/_local/expire", json{{"user", user}}.dump());
  logging_in_.insert(user);
  tenant_.ask(409, account.holder, "POST", path_of_account(name) + "/refresh");
  if (is_blocked) block({});
  account.state = is_blocked ? "blocked" : "expired";
}

void HttpHistory::block(std::set<Name> users) {
  std::vector<Name> approved;
  for (int i = 0; i < salesforce_users; ++i) {
    if (!users.contains(salesforce_user(i))) approved.push_back(salesforce_user(i));
  }
  const json policy{{"permitted_users", users.empty() ? "AllSelfAuthorized" : "AdminApprovedPreAuthorized"},
                    {"approved_users", approved}};
  for (const char* org : {"org_1", "org_2"}) world_.org(org).local("PUT", "/_local/policies", policy.dump());
}

void HttpHistory::refresh() {
  const Name name = some_account();
  const Name holder = model_.accounts.at(name).holder;
  if (is_removed(name)) return;
  const LoggedIn login = log_in(holder, {{"purpose", "refresh"}, {"account", ids_of_accounts_.at(name)}},
                                model_.accounts.at(name).org, salesforce_user_of(name));
  INFO(login.code);
  CHECK(login.account.empty() == !model_.licensed);
  if (model_.licensed) model_.refresh(holder, name);
}

void HttpHistory::share_with(const Name& account, const Name& with) {
  tenant_.ask(200, "admin", "POST", path_of_account(account) + "/shares", {{"with", tenant_.id_of(with)}});
  model_.share(account, with);
}

void HttpHistory::share() {
  if (const Name account = some_shared_account(); !is_removed(account)) share_with(account, some_partner());
}

void HttpHistory::unshare() {
  const Name account = some_shared_account();
  const std::set<Name> with = model_.accounts.at(account).with;
  if (is_removed(account) || with.empty()) return;
  tenant_.ask(200, "admin", "DELETE", path_of_account(account) + "/shares?with=" + tenant_.id_of(*with.begin()));
  model_.unshare(account, *with.begin());
}

// ---- people

void HttpHistory::licence() {
  model_.licensed = !model_.licensed;
  tenant_.ask(200, "admin", "PUT", "/license", {{"extensions", model_.licensed ? json{"salesforce"} : json::array()}});
}

void HttpHistory::membership() {
  const Name user = one_of(people);
  const Name group = one_of(teams);
  std::set<Name>& of_user = model_.groups_of[user];
  const bool joins = of_user.erase(group) == 0;
  if (joins) of_user.insert(group);
  tenant_.ask(200, "admin", joins ? "PUT" : "DELETE",
              "/groups/" + tenant_.id_of(group) + "/members/" + tenant_.id_of(user));
}

std::string HttpHistory::path_of_right(const Name& user) {
  return "/projects/" + tenant_.project() + "/collaborators/" + tenant_.id_of(user);
}

void HttpHistory::grant(const Name& user) {
  tenant_.ask(200, model_.owner, "PUT", path_of_right(user), {{"right", "edit"}});
  editors_.insert(user);
}

void HttpHistory::change_right() {
  const Name user = one_of(people);
  if (user == model_.owner) return;
  if (editors_.erase(user) == 0) return grant(user);
  tenant_.ask(200, model_.owner, "DELETE", path_of_right(user));
}

void HttpHistory::transfer() {
  const Name to = one_of(people);
  const bool keep = once_in(3);
  if (to == model_.owner) return;
  const json done = tenant_.ask(200, model_.owner, "POST", "/projects/" + tenant_.project() + "/transfer",
                                {{"to", tenant_.id_of(to)}, {"keep_creator", keep}});
  model_.transfer(to, keep);
  // The plan had said so.
  for (const json& planned : done.at("plan").at("workflows")) {
    for (const auto& [name, id] : ids_of_workflows_) {
      if (planned.at("id") == id)
        CHECK(tenant_.name_of(planned.at("creator_after")) == model_.workflows.at(name).creator);
    }
  }
}

// ---- workflows

void HttpHistory::add_workflow(const Name& creator, const Name& account) {
  const Name name = fmt::format("wfl_{}", workflows_made_++);
  const json made = tenant_.ask(201, creator, "POST", "/workflows",
                                {{"project", tenant_.project()}, {"document", document()}, {"name", name}});
  ids_of_workflows_[name] = made.at("workflow").at("id");
  hooks_[name] = made.at("workflow").at("hook");
  model_.workflows[name] = {.creator = creator};
  bind_to(name, account);
  tenant_.ask(200, model_.owner, "POST", path_of_workflow(name) + "/enable");
}

void HttpHistory::replace_workflow() {
  if (!model_.licensed || once_in(2)) return;
  const Name name = some_workflow();
  tenant_.ask(204, model_.owner, "DELETE", path_of_workflow(name));
  for (auto& [response, run] : runs_)
    run.is_cancelled = run.is_cancelled || (run.workflow == name && run.state == "held");
  model_.workflows.erase(name);
  ids_of_workflows_.erase(name);
  add_workflow(model_.owner, link({.holder = model_.owner}));
}

void HttpHistory::edit() {
  const Name name = some_workflow();
  const Name editor = one_of(people);
  const bool acknowledged = once_in(2);
  const auto answer =
      tenant_.call(editor, "PUT", path_of_workflow(name), {{"document", document()}, {"acknowledge", acknowledged}});
  int expected = 404;
  if (may_edit(editor)) {
    const int version = json::parse(answer.body).value("version", 0);
    expected = model_.licensed && model_.edit(editor, name, version, acknowledged) ? 200 : 409;
  }
  CHECK(answer.status == expected);
}

void HttpHistory::propose() {
  const Name name = some_workflow();
  ownership::Workflow& known = model_.workflows.at(name);
  const int base = known.live;
  const json proposed = tenant_.ask(model_.licensed ? 201 : 409, model_.owner, "PUT", path_of_workflow(name),
                                    {{"document", document()}, {"propose", true}});
  if (!model_.licensed) return;
  check();
  if (once_in(2)) edit();
  const int number = proposed.at("proposal");
  const bool adopts = !once_in(3);
  const auto answer =
      tenant_.call(known.creator, "POST",
                   fmt::format("{}/proposals/{}/{}", path_of_workflow(name), number, adopts ? "adopt" : "decline"));
  const bool may_be = !adopts || (known.live == base && !known.account.empty());
  const int expected = !may_edit(known.creator) ? 404 : may_be ? 200 : 409;
  CHECK(answer.status == expected);
  if (adopts && expected == 200) CHECK(model_.edit(known.creator, name, number, false));
}

void HttpHistory::adopt() {
  const Name name = some_workflow();
  const Name creator = model_.workflows.at(name).creator;
  const auto answer = tenant_.call(creator, "POST", path_of_workflow(name) + "/adopt");
  CHECK(answer.status == (may_edit(creator) ? 200 : 404));
  if (may_edit(creator)) model_.workflows.at(name).awaits = false;
}

Name HttpHistory::one_that_the_owner_may_use() {
  for (const auto& [name, account] : model_.accounts) {
    if (account.state != "removed" && model_.may_use(model_.owner, account) && once_in(2)) return name;
  }
  return some_account();
}

void HttpHistory::bind_to(const Name& name, const Name& account) {
  const auto answer = tenant_.call(model_.owner, "PUT", path_of_workflow(name) + "/bindings/crm",
                                   {{"account", ids_of_accounts_.at(account)}});
  CHECK((answer.status == 200) == model_.bind(name, account));
}

void HttpHistory::unbind() {
  const Name name = some_workflow();
  tenant_.ask(204, model_.owner, "DELETE", path_of_workflow(name) + "/bindings/crm");
  model_.workflows.at(name).account.clear();
  model_.workflows.at(name).awaits = false;
}

void HttpHistory::prove() {
  std::vector<Name> editors;
  for (const auto& [name, workflow] : model_.workflows) {
    if (workflow.awaits) editors.push_back(workflow.editor);
  }
  const Name user = editors.empty() || once_in(4) ? one_of(people) : one_of(editors);
  const Name org = once_in(2) ? "org_1" : "org_2";
  const bool has_to = std::ranges::count(editors, user) > 0;
  const LoggedIn login = log_in(user, {{"purpose", "reauthenticate"}}, org, salesforce_user(0));
  CHECK(login.account.empty());
  const bool may_be = model_.licensed && has_to;
  if (!may_be) CHECK(login.code == (model_.licensed ? "nothing_to_prove" : "extension_not_licensed"));
  if (may_be) model_.prove(user, org);
}

}  // namespace promises
