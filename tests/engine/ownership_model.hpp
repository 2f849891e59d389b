// Who may run what on which account, told a second time and as short as it can be: what the engine is compared with.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

namespace ownership {

using Name = std::string;

struct Account {
  Name holder;
  bool is_shared = false;
  std::set<Name> with{};  // users, groups, "brand"
  std::set<Name> was_with{};
  Name org = "org_1";
  Name state = "ok";  // ok, expired, blocked, removed
};

struct Workflow {
  Name creator;
  Name account{};  // empty: bound to nothing
  Name org{};      // it was bound for
  bool awaits = false;
  Name editor{};
  int live = 1;  // number of the live version
};

struct Model {
  bool licensed = true;
  Name owner = "usr_0";
  std::map<Name, std::set<Name>> groups_of{};
  std::map<Name, Account> accounts{};
  std::map<Name, Workflow> workflows{};

  bool reaches(const std::set<Name>& shares, const Name& user) {
    for (const Name& group : groups_of[user]) {
      if (shares.contains(group)) return true;
    }
    return shares.contains(user) || shares.contains("brand");
  }
  bool may_use(const Name& user, const Account& account) {
    return account.is_shared ? reaches(account.with, user) : account.holder == user;
  }

  Name verdict(const Name& name) {
    const Workflow& workflow = workflows.at(name);
    if (!licensed) return "extension_not_licensed";
    if (workflow.account.empty()) return "account_not_linked";
    const Account& account = accounts.at(workflow.account);
    if (account.state == "removed") return "account_removed";
    if (account.org != workflow.org) return "wrong_org";
    const bool was_shared = account.is_shared && reaches(account.was_with, owner);
    if (!may_use(owner, account)) return was_shared ? "account_share_revoked" : "account_not_the_owners";
    if (workflow.awaits) return "awaits_reauthentication";
    if (account.state == "expired") return "account_token_expired";
    return account.state == "blocked" ? "account_blocked_by_org" : "allowed";
  }

  void share(const Name& account, const Name& with) {
    accounts[account].with.insert(with);
    accounts[account].was_with.erase(with);
  }
  void unshare(const Name& account, const Name& with) {
    if (accounts[account].with.erase(with) > 0) accounts[account].was_with.insert(with);
  }
  void transfer(const Name& to, bool keep_creator) {
    for (auto& [name, workflow] : workflows) {
      if (workflow.creator == owner && !keep_creator) workflow.creator = to;
    }
    owner = to;
  }

  bool invalidates(const Name& editor, const Workflow& workflow) {
    if (editor == workflow.creator || workflow.account.empty()) return false;
    const Account& account = accounts.at(workflow.account);
    return account.state != "removed" && (!account.is_shared || !may_use(editor, account));
  }
  // False: it is asked first, and nothing has changed.
  bool edit(const Name& editor, const Name& name, int version, bool acknowledged) {
    Workflow& workflow = workflows.at(name);
    const bool does = invalidates(editor, workflow);
    if (does && !acknowledged) return false;
    if (does) workflow.editor = editor;
    workflow.awaits = editor != workflow.creator && (workflow.awaits || does);
    workflow.live = version;
    return true;
  }
  bool bind(const Name& name, const Name& account) {
    if (accounts.at(account).state == "removed" || !may_use(owner, accounts.at(account))) return false;
    Workflow& workflow = workflows.at(name);
    workflow.account = account;
    workflow.org = accounts.at(account).org;
    workflow.awaits = false;
    return true;
  }
  void prove(const Name& user, const Name& org) {
    for (auto& [name, workflow] : workflows) {
      if (workflow.editor == user && workflow.org == org) workflow.awaits = false;
    }
  }
  void refresh(const Name& user, const Name& name) {
    accounts.at(name).state = "ok";
    for (auto& [id, workflow] : workflows) {
      if (workflow.account == name && owner == user && accounts.at(name).holder == user) workflow.awaits = false;
    }
  }
};

}  // namespace ownership
