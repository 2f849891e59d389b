// `sluice accounts doctor`: what an org lacks for an account, told line by line.
#pragma once

#include "app/cli/verb.hpp"

namespace app::cli {

// Adds the verb to the group `accounts`.
void add_accounts_doctor(VerbGroup& accounts);

}  // namespace app::cli
