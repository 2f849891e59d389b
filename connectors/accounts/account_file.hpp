// An account file: a linked account for the verbs that have no server, written by a person, with secrets by reference.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/findings.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// The value of an environment variable, nullopt where it is not set.
using Environ = std::function<std::optional<std::string>(const std::string& name)>;
std::optional<std::string> process_environment(const std::string& name);

struct AccountFile {
  std::optional<LinkedAccount> account{};  // only when there is no error among the findings
  base::Findings findings{};               // all faults at once, with line and column; warnings too
};

// The account's id is derived from `path`; it counts as shared with the whole brand.
AccountFile read_account_file(const std::string& path, const Environ& environment = process_environment);

}  // namespace connectors
