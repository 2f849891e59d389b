// `--account ALIAS=FILE`, for the verbs that take accounts from files.
#pragma once

#include <optional>
#include <vector>

#include "app/account_argument.hpp"
#include "app/cli/verb.hpp"

namespace app::cli {

void take_accounts(Verb& verb, std::vector<AccountFile>& accounts);
// For a verb that looks at one org. `what` stands in --help after the form.
void take_account(Verb& verb, std::optional<AccountFile>& account, const char* what);

}  // namespace app::cli
