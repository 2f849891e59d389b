#include "app/cli/account_option.hpp"

#include <string>

namespace app::cli {

void take_accounts(Verb& verb, std::vector<AccountFile>& accounts) {
  const auto take = [&accounts](const std::string& text) -> std::string {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
      return "'" + text + "' is no ALIAS=FILE, e.g. crm=accounts/crm.json";
    accounts.push_back({text.substr(0, equals), text.substr(equals + 1)});
    return "";
  };
  verb.repeatable("--account", take, "ALIAS=FILE: the account that tasks name ALIAS, described in FILE (repeatable)");
}

}  // namespace app::cli
