// An account file: a linked account for the verbs that have no server, written by a person, with secrets by reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/findings.hpp"
#include "connectors/accounts/linked_account.hpp"
#include "connectors/secret_reference.hpp"

namespace connectors {

struct AccountFile {
  std::optional<LinkedAccount> account{};  // only when there is no error among the findings
  base::Findings findings{};               // all faults at once, with line and column; warnings too
};

// The account's id is derived from `path`; it counts as shared with the whole brand.
AccountFile read_account_file(const std::string& path, const Environ& environment = process_environment);

// The same document as the body of a request: its secrets stand in it as texts, references are refused.
AccountFile read_account_body(std::string_view body);

}  // namespace connectors
