// The account store's copy in memory. It follows the rows: changes are made to it when their commit has resumed, in the
// order of the commits and under the same conditions, so both always say the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// The copy of one row, without secrets.
struct KeptAccount {
  std::string brand;
  LinkedAccount account{};        // its state is never `refreshing` here
  std::string refresh_attempt{};  // of the claim that stands; "" when there is none
  base::TimePoint refresh_deadline{};

  // As others see it: `refreshing` while somebody asks for a token.
  LinkedAccount as_told(base::TimePoint now) const;
};

// Those of all brands, by their ids. None is ever erased, so what is found stays where it is.
class KeptAccounts {
 public:
  void clear();
  void add(KeptAccount kept);

  KeptAccount* find(std::string_view account_id);
  const KeptAccount* find(std::string_view account_id) const;
  // The account of that brand, unless it is removed.
  KeptAccount* usable(std::string_view brand, std::string_view account_id);
  // The account of any brand while that claim stands.
  KeptAccount* claimed(std::string_view account_id, std::string_view attempt);
  // In the order of linking.
  std::vector<LinkedAccount> list(std::string_view brand, base::TimePoint now) const;

 private:
  std::vector<std::string> order_;
  std::unordered_map<std::string, KeptAccount> accounts_;
};

}  // namespace connectors
