#include "app/cli/account_option.hpp"

#include <string>
#include <utility>

namespace app::cli {

namespace {

// "" or what is wrong with the text.
template <class Keep>
std::string read_account(const std::string& text, const Keep& keep) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
    return "'" + text + "' is no ALIAS=FILE, e.g. crm=accounts/crm.json";
  keep(AccountFile{text.substr(0, equals), text.substr(equals + 1)});
  return "";
}

}  // namespace

void take_accounts(Verb& verb, std::vector<AccountFile>& accounts) {
  const auto take = [&accounts](const std::string& text) {
    return read_account(text, [&](AccountFile file) { accounts.push_back(std::move(file)); });
  };
  verb.repeatable("--account", take, "ALIAS=FILE: the account that tasks name ALIAS, described in FILE (repeatable)");
}

void take_account(Verb& verb, std::optional<AccountFile>& account, const char* what) {
  const auto take = [&account](const std::string& text) {
    return read_account(text, [&](AccountFile file) { account = std::move(file); });
  };
  verb.option("--account", take, what);
}

}  // namespace app::cli
