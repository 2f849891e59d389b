#include "connectors/accounts/kept_accounts.hpp"

#include <utility>

namespace connectors {

LinkedAccount KeptAccount::as_told(base::TimePoint now) const {
  LinkedAccount told = account;
  const bool is_asking = !refresh_attempt.empty() && now < refresh_deadline;
  if (told.state == AccountState::ok && is_asking) told.state = AccountState::refreshing;
  return told;
}

void KeptAccounts::clear() {
  order_.clear();
  accounts_.clear();
}

void KeptAccounts::add(KeptAccount kept) {
  order_.push_back(kept.account.id);
  accounts_[order_.back()] = std::move(kept);
}

KeptAccount* KeptAccounts::find(std::string_view account_id) {
  auto at = accounts_.find(std::string(account_id));
  return at == accounts_.end() ? nullptr : &at->second;
}

const KeptAccount* KeptAccounts::find(std::string_view account_id) const {
  auto at = accounts_.find(std::string(account_id));
  return at == accounts_.end() ? nullptr : &at->second;
}

KeptAccount* KeptAccounts::usable(std::string_view brand, std::string_view account_id) {
  KeptAccount* kept = find(account_id);
  if (!kept || kept->brand != brand || kept->account.state == AccountState::removed) return nullptr;
  return kept;
}

KeptAccount* KeptAccounts::claimed(std::string_view account_id, std::string_view attempt) {
  KeptAccount* kept = find(account_id);
  return !kept || kept->refresh_attempt != attempt ? nullptr : kept;
}

std::vector<LinkedAccount> KeptAccounts::list(std::string_view brand, base::TimePoint now) const {
  std::vector<LinkedAccount> accounts;
  for (const std::string& id : order_) {
    const KeptAccount& kept = accounts_.at(id);
    if (kept.brand == brand) accounts.push_back(kept.as_told(now));
  }
  return accounts;
}

}  // namespace connectors
