// `--account ALIAS=FILE`, for the verbs that take accounts from files.
#pragma once

#include <vector>

#include "app/account_argument.hpp"
#include "app/cli/verb.hpp"

namespace app::cli {

void take_accounts(Verb& verb, std::vector<AccountFile>& accounts);

}  // namespace app::cli
