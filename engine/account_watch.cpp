#include "engine/account_watch.hpp"

#include <fmt/format.h>

#include "engine/errors.hpp"

namespace engine {
namespace {

// What people call it who may not be told its name.
std::string description_of(const AccountFacts& account) {
  return account.shared_kind ? fmt::format("the shared account '{}'", account.name)
                             : fmt::format("a personal account ({}, org {})", account.environment,
                                           account.org_id.empty() ? "not known yet" : account.org_id);
}

}  // namespace

base::awaitable<void> AccountWatch::learn(BrandId brand, std::string account_id) {
  const std::optional<AccountFacts> account = accounts_.find(account_id);
  if (!account) co_return;
  const std::vector<Bindings::Dependant> dependants = bindings_.dependants(brand, account_id);
  cut_off_[account_id] = cut_off(*account, dependants);
  std::vector<Notice> notices;
  tell_of_state(*account, dependants, notices);
  co_await notices_.post(brand, std::move(notices));
  co_await bindings_.learn_org(brand, std::move(account_id));
}

base::awaitable<std::vector<std::string>> AccountWatch::changed(BrandId brand, std::string account_id) {
  const std::optional<AccountFacts> account = accounts_.find(account_id);
  const std::vector<Bindings::Dependant> dependants = bindings_.dependants(brand, account_id);
  std::vector<Notice> notices;
  if (!account) {
    tell_of_removal(account_id, dependants, notices);
    co_await notices_.post(brand, std::move(notices));
    co_return std::vector<std::string>{};
  }
  tell_of_state(*account, dependants, notices);
  std::set<std::string> now = cut_off(*account, dependants);
  std::set<std::string>& before = cut_off_[account_id];
  for (const Bindings::Dependant& one : dependants) {
    if (!now.contains(one.workflow->id) || before.contains(one.workflow->id)) continue;
    for (const std::string& recipient : std::set{owner_of(*one.workflow), one.workflow->creator}) {
      Notice notice{.recipient = recipient, .kind = NoticeKind::share_revoked, .subject = one.workflow->id};
      notice.account = account_id;
      notice.message = fmt::format("{} is no longer shared with the owner of '{}', whose runs wait for it",
                                   description_of(*account), one.workflow->name);
      notice.dedup_key = fmt::format("share_revoked:{}:{}:{}", account_id, one.workflow->id, gate_.epoch(brand));
      notices.push_back(std::move(notice));
    }
  }
  before = std::move(now);
  co_await notices_.post(brand, std::move(notices));
  co_return co_await bindings_.learn_org(brand, std::move(account_id));
}

// Once per person and dead login, whatever number of runs and projects it stops: the last success tells this death
// from the next one.
void AccountWatch::tell_of_state(const AccountFacts& account, const std::vector<Bindings::Dependant>& dependants,
                                 std::vector<Notice>& notices) const {
  if (account.state == AccountState::ok) return;
  const bool is_expired = account.state == AccountState::expired;
  std::set<std::string> recipients{account.owner};
  for (const Bindings::Dependant& one : dependants) recipients.insert(owner_of(*one.workflow));
  for (const std::string& recipient : recipients) {
    if (recipient.empty()) continue;
    Notice notice{.recipient = recipient, .subject = account.id, .account = account.id};
    notice.kind = is_expired ? NoticeKind::account_expired : NoticeKind::account_blocked;
    notice.message = is_expired ? fmt::format(
                                      "Account Token Expired: Salesforce refuses the login of {}; its runs wait "
                                      "until the account is refreshed",
                                      description_of(account))
                                : fmt::format(
                                      "the org does not let {} in; its runs wait. `sluice accounts doctor` says "
                                      "which setting it is",
                                      description_of(account));
    notice.dedup_key = fmt::format("{}:{}:{}", to_string(notice.kind), account.id, account.last_success);
    notices.push_back(std::move(notice));
  }
}

void AccountWatch::tell_of_removal(const std::string& account_id, const std::vector<Bindings::Dependant>& dependants,
                                   std::vector<Notice>& notices) const {
  for (const Bindings::Dependant& one : dependants) {
    for (const std::string& recipient : std::set{owner_of(*one.workflow), one.workflow->creator}) {
      if (recipient.empty()) continue;
      Notice notice{.recipient = recipient, .kind = NoticeKind::account_is_removed, .subject = one.workflow->id};
      notice.message =
          fmt::format("an account that '{}' runs on was removed; its runs wait until another one is bound to '{}'",
                      one.workflow->name, one.binding.alias);
      notice.dedup_key = fmt::format("account_removed:{}:{}:{}", account_id, one.workflow->id, one.binding.alias);
      notices.push_back(std::move(notice));
    }
  }
}

std::set<std::string> AccountWatch::cut_off(const AccountFacts& account,
                                            const std::vector<Bindings::Dependant>& dependants) const {
  std::set<std::string> workflows;
  for (const Bindings::Dependant& one : dependants) {
    AuthorisationRequest request = gate_.facts(*one.workflow, "", one.binding.alias);
    request.extension = "salesforce";
    request.licensed = {request.extension};
    request.account = account;
    const Verdict verdict = authorise(request);
    if (!verdict.allowed() && verdict.refusal->code == account_share_revoked) workflows.insert(one.workflow->id);
  }
  return workflows;
}

std::string AccountWatch::owner_of(const Workflow& workflow) const {
  const std::optional<Project> project = people_.project(workflow.brand, workflow.project);
  return project ? project->owner : "";
}

}  // namespace engine
