// Expected records beside those that an org holds: what differs, in words.
#pragma once

#include <string>
#include <vector>

#include "base/json_text.hpp"

namespace app {

// One line a difference, e.g. `crm Survey_Response__c[0].Score__c: expected 10, found 9`; `whose` is "crm
// Survey_Response__c". Of each record only the fields that the expected one names are compared: null is an empty field,
// points in time are equal however they are written, and so are numbers.
std::vector<std::string> record_differences(const std::string& whose, const std::vector<base::JsonText>& expected,
                                            const std::vector<base::JsonText>& found);

// The same of one field; `expected` and `found` are JSON.
bool is_same_field_value(const base::JsonText& expected, const base::JsonText& found);

}  // namespace app
