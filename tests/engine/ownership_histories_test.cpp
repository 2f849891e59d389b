// Random histories of people, shares, edits and runs, told to the engine and to a short model: the verdicts are equal,
// nothing is sent with an identity that the model does not allow, and no mapping is read before a pass.
#include <cstdlib>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "engine/hold_keys.hpp"
#include "tests/engine/ownership_model.hpp"
#include "tests/support/engine_fixture.hpp"

namespace {

using ownership::Model;
using ownership::Name;
using support::EngineFixture;

const std::vector<Name> users{"usr_0", "usr_1", "usr_2", "usr_3"};
const std::vector<Name> groups{"grp_0", "grp_1"};
const std::vector<Name> workflows{"wfl_a", "wfl_b"};

std::map<Name, int> verdicts_seen;  // over all histories

class History {
 public:
  explicit History(std::uint64_t seed) : engine_({.seed = seed}), dice_(seed) {
    for (const Name& user : users) engine_.wait(people().add_user("system", brand, {user, user, engine::Role::user}));
    do_it(people().set_owner("system", brand, "prj_1", model_.owner));
    for (const Name& group : groups) engine_.wait(people().add_group("system", brand, {group, group}));
    engine_.accounts.all.clear();
    for (const Name& user : users) link({.holder = user});
    for (int i = 0; i < 3; ++i) link({.holder = "usr_3", .is_shared = true, .org = i == 0 ? "org_1" : "org_2"});
    for (const Name& name : workflows) {
      engine::Workflow made;
      made.brand = brand;
      made.id = made.name = name;
      made.project = "prj_1";
      made.creator = anybody();
      made.enabled = true;
      made.hook = "hook_1";
      model_.workflows[name] = {.creator = made.creator};
      do_it(process().workflows.add("system", made));
      engine_.wait(process().workflows.publish("system", workflow(name).no, another_version_of(name)));
    }
    model_.share("acc_4", once_in(2) ? model_.owner : "brand");
    tell_of_account("acc_4");
    bind_to("wfl_a", "acc_0");
    bind_to("wfl_b", "acc_4");
  }

  void take_a_step() {
    const std::vector<std::pair<const char*, void (History::*)()>> steps{
        {"share", &History::share},     {"unshare", &History::unshare}, {"transfer", &History::transfer},
        {"edit", &History::edit},       {"edit", &History::edit},       {"propose", &History::propose},
        {"bind", &History::bind},       {"bind", &History::bind},       {"unbind", &History::unbind},
        {"prove", &History::prove},     {"refresh", &History::refresh}, {"adopt", &History::adopt},
        {"licence", &History::licence}, {"account", &History::account}, {"membership", &History::membership},
        {"run", &History::run},         {"run", &History::run},
    };
    const auto& [name, step] = steps[dice_.below(steps.size())];
    told_ += fmt::format("{} ", name);
    (this->*step)();
    INFO(told_);
    check();
  }

  // Everything that stands in the way is cleared: every run must come to its end.
  void check_that_nothing_was_lost() {
    INFO(told_);
    for (const Name& name : workflows) {
      const Name account = link({.holder = model_.owner});
      told_ += "rebind ";
      bind_to(name, account);
    }
    if (!model_.licensed) licence();
    check();
    for (const auto& [run, name] : runs_) CHECK(engine_.state(run) == "succeeded");
  }

 private:
  static constexpr engine::BrandId brand = EngineFixture::brand;

  support::Process& process() { return *engine_.process; }
  engine::PeopleStore& people() { return process().people; }
  const engine::Workflow& workflow(const Name& name) { return *process().workflows.find(brand, name); }
  void do_it(base::awaitable<void> change) { engine_.wait(std::move(change)); }
  void lift(std::vector<std::string> keys) { engine_.lift(std::move(keys)); }
  void lift(const engine::Changed& change) { lift(engine::keys_lifted_by(change, people().projects(brand))); }

  template <class List>
  const auto& one_of(const List& list) {
    return list[dice_.below(list.size())];
  }
  bool once_in(std::uint64_t times) { return dice_.below(times) == 0; }
  Name anybody() { return one_of(users); }
  // Often one that matters.
  Name some_account() {
    const Name bound = model_.workflows.empty() ? Name() : model_.workflows.at(one_of(workflows)).account;
    if (!bound.empty() && once_in(2)) return bound;
    return fmt::format("acc_{}", dice_.below(model_.accounts.size()));
  }
  Name some_partner() { return once_in(4) ? "brand" : once_in(2) ? one_of(groups) : anybody(); }

  // Checked once; every version differs in a number that means nothing.
  engine::WorkflowDefinition another_version_of(const Name& name) {
    static std::map<Name, engine::WorkflowDefinition> checked;
    if (!checked.contains(name)) {
      const std::string tasks =
          fmt::format(R"({{"{}":{{"type":"fake","account":"crm","with":{{"edit":"#0"}}}}}})", name);
      checked.emplace(name, engine_.definition(tasks, name));
    }
    engine::WorkflowDefinition version = checked.at(name);
    const std::string number = std::to_string(++edits_);
    version.fingerprint = number;
    version.document.text.replace(version.document.text.find("#0"), 2, "#" + number);
    return version;
  }

  // What the engine's port says of an account is what the model holds.
  void tell_of_account(const Name& id) {
    const ownership::Account& account = model_.accounts[id];
    if (account.state == "removed") {
      engine_.accounts.all.erase(id);
    } else {
      engine::AccountFacts facts;
      facts.id = facts.name = id;
      facts.owner = account.holder;
      facts.shared_kind = account.is_shared;
      facts.shared_with.assign(account.with.begin(), account.with.end());
      facts.unshared.assign(account.was_with.begin(), account.was_with.end());
      facts.org_id = account.org;
      if (account.state == "expired") facts.state = engine::AccountState::expired;
      if (account.state == "blocked") facts.state = engine::AccountState::blocked_by_org;
      engine_.accounts.all[id] = facts;
    }
    engine_.raise_epoch();
    lift(engine::AccountChanged{id});
  }

  Name link(ownership::Account account) {
    const Name id = fmt::format("acc_{}", model_.accounts.size());
    model_.accounts[id] = std::move(account);
    tell_of_account(id);
    return id;
  }

  void share() {
    const Name account = once_in(2) ? fmt::format("acc_{}", 4 + dice_.below(3)) : some_account();
    model_.share(account, some_partner());
    tell_of_account(account);
  }
  void unshare() {
    const Name account = some_account();
    const std::set<Name> with = model_.accounts[account].with;
    model_.unshare(account, with.empty() ? some_partner() : *with.begin());
    tell_of_account(account);
  }
  void membership() {
    const Name user = anybody();
    const Name group = one_of(groups);
    std::set<Name>& of_user = model_.groups_of[user];
    if (of_user.erase(group) == 0) of_user.insert(group);
    const bool is_changed = engine_.wait(of_user.contains(group) ? people().join_group("system", brand, group, user)
                                                                 : people().leave_group("system", brand, group, user));
    CHECK(is_changed);
    lift(engine::MembershipChanged{user});
  }
  void transfer() {
    const Name to = anybody();
    const bool keep = once_in(3);
    if (to == model_.owner) return;
    auto done = engine_.wait(process().transfer.apply("usr_0", brand, *people().project(brand, "prj_1"), to, keep));
    model_.transfer(to, keep);
    lift(std::move(done.keys_lifted));
    // The plan had said so.
    for (const engine::PlannedWorkflow& planned : done.plan.workflows) {
      CHECK(planned.creator_after == model_.workflows.at(planned.id).creator);
      CHECK(verdict_word(planned.tasks.at(0).after) == model_.verdict(planned.id));
    }
  }

  engine::Push a_push(const Name& name) { return {.definition = another_version_of(name)}; }

  void edit() {
    const Name name = one_of(workflows);
    const Name editor = anybody();
    engine::Push push = a_push(name);
    push.acknowledged = once_in(2);
    const bool acknowledged = push.acknowledged;
    engine::Pushed pushed = engine_.wait(process().authoring.push(editor, workflow(name), std::move(push)));
    const bool is_live = pushed.to == engine::Pushed::To::live;
    CHECK(model_.edit(editor, name, pushed.version, acknowledged) == is_live);
    lift(std::move(pushed.keys_lifted));
  }

  // A draft changes nothing; adopted by the creator while its base is live, it is the creator's own edit.
  void propose() {
    const Name name = one_of(workflows);
    ownership::Workflow& known = model_.workflows.at(name);
    const int base = known.live;
    const int number = engine_.wait(process().authoring.propose(anybody(), workflow(name), a_push(name)));
    check();
    if (once_in(2)) edit();
    const auto draft = engine_.wait(process().workflows.version_numbered(brand, workflow(name).no, number));
    if (once_in(3)) {
      CHECK(engine_.wait(process().authoring.decline(known.creator, workflow(name), *draft)));
      return;
    }
    engine::Pushed adopted = engine_.wait(process().authoring.adopt(known.creator, workflow(name), *draft));
    const bool may_be = known.live == base && !known.account.empty();
    CHECK((adopted.to == engine::Pushed::To::live) == may_be);
    if (may_be) CHECK(model_.edit(known.creator, name, number, false));
    lift(std::move(adopted.keys_lifted));
  }

  void adopt() {
    const Name name = one_of(workflows);
    model_.workflows.at(name).awaits = false;
    lift(engine_.wait(process().authoring.adopt_live(model_.workflows.at(name).creator, workflow(name))).keys_lifted);
  }

  void bind() { bind_to(one_of(workflows), once_in(2) ? some_account() : one_that_the_owner_may_use()); }
  Name one_that_the_owner_may_use() {
    for (const auto& [name, account] : model_.accounts) {
      if (account.state != "removed" && model_.may_use(model_.owner, account) && once_in(2)) return name;
    }
    return some_account();
  }
  void bind_to(const Name& name, const Name& account) {
    auto keys = engine_.wait(process().bindings.bind(model_.owner, workflow(name), "crm", account));
    CHECK(model_.bind(name, account) == static_cast<bool>(keys));
    if (keys) lift(*std::move(keys));
  }
  void unbind() {
    const Name name = one_of(workflows);
    engine_.wait(process().bindings.unbind(model_.owner, workflow(name), "crm"));
    model_.workflows.at(name).account.clear();
    model_.workflows.at(name).awaits = false;
  }

  void prove() {
    const Name user = anybody();
    const Name org = once_in(2) ? "org_1" : "org_2";
    model_.prove(user, org);
    lift(engine_.wait(process().bindings.prove_org(brand, user, org)));
  }
  void refresh() {
    const Name account = some_account();
    const Name user = once_in(2) ? anybody() : model_.accounts[account].holder;
    if (model_.accounts[account].state == "removed") return;
    model_.refresh(user, account);
    tell_of_account(account);
    lift(engine_.wait(process().bindings.refreshed(brand, user, account)));
  }

  void licence() {
    model_.licensed = !model_.licensed;
    std::vector<std::string> extensions;
    if (model_.licensed) extensions.push_back("salesforce");
    engine_.set_extensions(std::move(extensions));
  }
  void account() {
    const Name id = some_account();
    ownership::Account& account = model_.accounts[id];
    if (once_in(4)) {
      link({.holder = anybody(), .is_shared = once_in(2)});
    } else if (once_in(4)) {
      account.state = "removed";
    } else if (account.state != "removed") {
      if (once_in(4))
        account.org = account.org == "org_1" ? "org_2" : "org_1";
      else
        account.state = once_in(2) ? "expired" : "blocked";
    }
    tell_of_account(id);
  }

  void run() {
    const auto answer = engine_.deliver(fmt::format("R_{}", ++deliveries_));
    for (const std::string& id : (*answer)->run_ids) runs_.emplace(id, workflow_of(engine_.row(id).workflow_no));
  }
  Name workflow_of(std::int64_t no) { return process().workflows.find(no)->id; }

  static std::string verdict_word(const engine::Verdict& verdict) {
    return verdict.allowed() ? "allowed" : std::string(verdict.refusal->code.name);
  }

  void check() {
    engine_.run_to_end();
    for (const Name& name : workflows) {
      const Name expected = model_.verdict(name);
      ++verdicts_seen[expected];
      INFO(name << " bound to " << model_.workflows.at(name).account);
      CHECK(verdict_word(engine_.process->gate.ask(workflow(name).no, "salesforce", "crm").verdict) == expected);
      const int reads = engine_.elsewhere.nexts[name];
      if (expected != "allowed") CHECK(reads == reads_[name]);  // no mapping is read before a pass
      reads_[name] = reads;
    }
    // Nothing is sent but for a workflow that may, and with the account that it is bound to.
    for (; sent_ < engine_.elsewhere.order.size(); ++sent_) {
      const Name& name = engine_.elsewhere.order[sent_];
      CHECK(model_.verdict(name) == "allowed");
      CHECK(engine_.elsewhere.identities[sent_] == model_.workflows.at(name).account);
    }
    // Whatever may go on has gone on: each change lifts what it must.
    for (const auto& [id, name] : runs_) {
      if (model_.verdict(name) == "allowed") CHECK(engine_.state(id) == "succeeded");
    }
  }

  EngineFixture engine_;
  base::SeededRandom dice_;
  Model model_{};
  std::map<std::string, Name> runs_{};  // id -> workflow
  std::map<Name, int> reads_{};
  std::size_t sent_ = 0;
  int edits_ = 0;
  int deliveries_ = 0;
  std::string told_{};
};

// Sanitizers make each of them ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int histories_at_least = 1'000;
#else
constexpr int histories_at_least = 10'000;
#endif

int histories_wanted() {
  const char* factor = std::getenv("SLUICE_TEST_FACTOR");
  return histories_at_least * std::max(1, factor ? std::atoi(factor) : 1);
}

}  // namespace

TEST_CASE("random histories of ownership: the gate and a short model say the same, and only who may is sent for") {
  for (int seed = 1; seed <= histories_wanted(); ++seed) {
    INFO("seed " << seed);
    History history(static_cast<std::uint64_t>(seed));
    for (int step = 0; step < 12; ++step) history.take_a_step();
    history.check_that_nothing_was_lost();
  }
  for (const char* verdict : {"allowed", "extension_not_licensed", "account_not_linked", "account_removed", "wrong_org",
                              "account_share_revoked", "account_not_the_owners", "awaits_reauthentication",
                              "account_token_expired", "account_blocked_by_org"}) {
    INFO(verdict);
    CHECK(verdicts_seen[verdict] > 0);
  }
}
