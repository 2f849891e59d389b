// Record ids as Salesforce writes them: 15 characters that matter, and three more that keep their case.
#pragma once

#include <string>
#include <string_view>

namespace connectors::salesforce {

// Fifteen letters and digits, or eighteen of which the last three fit the others: an id that a spreadsheet has put into
// capitals is none.
bool is_record_id(std::string_view text);

// An id of fifteen characters with the three that follow from them; any other text as it is.
std::string whole_record_id(std::string_view text);

}  // namespace connectors::salesforce
