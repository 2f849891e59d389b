// A diagnosis as its reader may see it: names are looked up for those who may see them, and the rest is left out.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/json_text.hpp"
#include "engine/account_facts.hpp"

namespace engine {

// What is known of the account now; nullopt: it is there no more.
using AccountLookUp = std::function<std::optional<AccountFacts>(const std::string& account_id)>;

// `viewer` nullopt: reads the data directory itself, and so sees everything. Of a personal account that is gone nobody
// knows the holder any more.
bool sees_account(const AccountLookUp& look_up, const std::optional<std::string>& viewer, const std::string& account_id,
                  bool is_personal);

// `stored` as diagnosis() wrote it.
base::JsonText diagnosis_for(const base::JsonText& stored, const AccountLookUp& look_up,
                             const std::optional<std::string>& viewer);

}  // namespace engine
