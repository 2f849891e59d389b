// A linked account as the API tells it, and who may know of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/context.hpp"
#include "base/json_writer.hpp"

namespace app::api {

// A personal account is its holder's alone to see, admins included; a shared one is seen by brand admins and by those
// it is shared with.
bool may_see_account(const Context& context, const Principal& who, const connectors::LinkedAccount& account);
// Rename, refresh, remove: the holder of a personal account, any brand admin of a shared one.
bool may_manage_account(const Principal& who, const connectors::LinkedAccount& account);

void write_account(base::JsonWriter& json, const connectors::LinkedAccount& account);

// What hangs on an account: workflows bound to it, and their runs that have not begun or wait.
struct AccountDependants {
  std::vector<engine::Bindings::Dependant> bound{};
  engine::WaitingRuns runs{};
};
base::awaitable<AccountDependants> dependants_of(Context& context, engine::BrandId brand, std::string account_id);
void write_dependants(base::JsonWriter& json, const AccountDependants& dependants);

}  // namespace app::api
