// A random history of people, accounts, shares, edits and runs, done over HTTP and told to a short model as well.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "tests/engine/ownership_model.hpp"
#include "tests/promises/ownership_world.hpp"

namespace promises {

using ownership::Name;

// Over all histories: what was seen, so that nobody believes in a test that tests nothing.
struct Seen {
  std::map<Name, int> verdicts;
  int writes = 0;
  int held = 0;
  int logins = 0;
};

// One brand's history. What the model calls by a short name has its id and its Salesforce user here.
class HttpHistory {
 public:
  HttpHistory(OwnershipWorld& world, std::uint64_t seed, Seen& seen);

  void take_a_step();

  // Everything that stands in the way is cleared: every run must come to its end.
  void check_that_nothing_was_lost();

 private:
  struct Run {
    Name workflow;
    std::string id;
    std::string state{};
    bool is_cancelled = false;  // its workflow was removed
  };

  const Name& one_of(const std::vector<Name>& list) { return list[dice_.below(list.size())]; }
  bool once_in(std::uint64_t times) { return dice_.below(times) == 0; }
  Name some_workflow();
  // Often one that matters.
  Name some_account();
  Name some_shared_account() { return once_in(2) ? "acc_2" : "acc_3"; }
  Name some_partner();
  bool may_edit(const Name& user) { return user == model_.owner || editors_.contains(user); }
  bool is_removed(const Name& account) { return model_.accounts.at(account).state == "removed"; }

  std::string path_of_workflow(const Name& name) { return "/workflows/" + ids_of_workflows_.at(name); }
  std::string path_of_account(const Name& name) { return "/accounts/" + ids_of_accounts_.at(name); }
  Name salesforce_user_of(const Name& account);

  nlohmann::json document();

  // ---- accounts

  LoggedIn log_in(const Name& who, nlohmann::json wish, const Name& org, const Name& salesforce_user);

  // Where the holder has as many as may be, one gives way to it.
  Name link(ownership::Account account);
  std::vector<Name> personal_accounts_of(const Name& user);
  void remove_an_unbound_one(const std::vector<Name>& accounts);

  void link_another();

  void unlink();
  void remove(const Name& account);

  // The org's own decision; the server learns of it when it next asks for a session, which its holder makes it do.
  void lose();

  // Users whom both orgs' administrators keep out of the app.
  void block(std::set<Name> users);

  void refresh();

  void share_with(const Name& account, const Name& with);
  void share();
  void unshare();

  // ---- people

  void licence();
  void membership();
  std::string path_of_right(const Name& user);
  void grant(const Name& user);
  void change_right();
  void transfer();

  // ---- workflows

  void add_workflow(const Name& creator, const Name& account);

  // Its waiting runs go with it, and another one comes in its place.
  void replace_workflow();

  // Somebody's new version; which one, where it is live. 404: nobody without a right learns that it is there.
  void edit();

  // A draft changes nothing; adopted by the creator while its base is live, it is the creator's own edit.
  void propose();

  void adopt();

  void bind() { bind_to(some_workflow(), once_in(2) ? some_account() : one_that_the_owner_may_use()); }
  Name one_that_the_owner_may_use();
  void bind_to(const Name& name, const Name& account);
  void unbind();

  // A login that stores nothing, by somebody whose edit it makes good.
  void prove();

  // ---- runs

  void run();

  // No attempt, so no frozen record: no mapping has been read.
  void check_unread(const std::string& id, const Name& verdict);

  // What the model says of a run: whether it can have come to rest in that state.
  bool rests(const Run& run, const std::string& state);
  void await_rest();

  // ---- what is held against the model after every step

  void check();

  // Records are written for workflows that may, by the user of the account that each is bound to, and tokens refreshed
  // for them; a login asks the org who it is. Nothing else is asked.
  bool is_allowed_user(const Name& org, const Name& user);
  void check_call(const Name& org, const nlohmann::json& call);

  OwnershipWorld& world_;
  Tenant tenant_;
  base::SeededRandom dice_;
  Seen& seen_;
  std::uint64_t seed_;
  ownership::Model model_{};
  std::set<Name> editors_{};  // who may edit, beside the owner
  std::map<Name, std::string> ids_of_accounts_{};
  std::map<Name, std::string> ids_of_workflows_{};
  std::map<Name, std::string> hooks_{};
  std::map<std::string, Run> runs_{};  // by response
  std::map<Name, std::int64_t> calls_read_{};
  std::set<Name> logging_in_{};  // Salesforce users who do during this step
  int workflows_made_ = 0;
  int edits_ = 0;
  std::string told_{};
};

}  // namespace promises
