// Watches accounts change: teaches bindings their org, and tells people when a login dies or a share they need is gone.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "engine/bindings.hpp"
#include "engine/gate.hpp"
#include "engine/notices.hpp"

namespace engine {

class AccountWatch {
 public:
  AccountWatch(const PeopleStore& people, const Gate& gate, const AccountDirectory& accounts, Bindings& bindings,
               Notices& notices)
      : people_(people), gate_(gate), accounts_(accounts), bindings_(bindings), notices_(notices) {}

  // At the start: what was there already is no news, but what a program that has died had not told yet is told.
  base::awaitable<void> learn(BrandId brand, std::string account_id);
  // After every change of an account. The keys that it lifts.
  base::awaitable<std::vector<std::string>> changed(BrandId brand, std::string account_id);

 private:
  void tell_of_state(const AccountFacts& account, const std::vector<Bindings::Dependant>& dependants,
                     std::vector<Notice>& notices) const;
  void tell_of_removal(const std::string& account_id, const std::vector<Bindings::Dependant>& dependants,
                       std::vector<Notice>& notices) const;
  std::set<std::string> cut_off(const AccountFacts& account, const std::vector<Bindings::Dependant>& dependants) const;
  std::string owner_of(const Workflow& workflow) const;

  const PeopleStore& people_;
  const Gate& gate_;
  const AccountDirectory& accounts_;
  Bindings& bindings_;
  Notices& notices_;
  std::map<std::string, std::set<std::string>, std::less<>> cut_off_;  // per account: workflows that lost their share
};

}  // namespace engine
