// What a Salesforce answer that is no success means for us: one table from its codes to ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/http/message.hpp"

namespace connectors::salesforce {

// Precondition: the answer is not the success that its caller waited for. `is_write`: a status that leaves open whether
// anything was done is then uncertain. The details hold {"status":…,"errors":[{"errorCode","message","fields"}]} in
// Salesforce's own words; where a duplicate rule refuses, also "rule" and "matches":[{"object","id"}].
base::Error to_error(int status, const base::http::Headers& headers, std::string_view body, bool is_write);

// Salesforce's own codes in the details of an error that to_error made.
std::vector<std::string> salesforce_codes(const base::Error& error);
// What was asked for is not there, or the account's user may not see it.
bool says_not_found(const base::Error& error);

// Salesforce says that the record of a delete is not there (any more).
bool says_record_is_gone(int status, std::string_view body);

}  // namespace connectors::salesforce
