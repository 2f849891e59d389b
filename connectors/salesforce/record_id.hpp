// Record ids as Salesforce writes them: 15 characters that matter, and three more that keep their case.
#pragma once

#include <string_view>

namespace connectors::salesforce {

// Fifteen letters and digits, or eighteen of which the last three fit the others: an id that a spreadsheet has put into
// capitals is none.
bool is_record_id(std::string_view text);

}  // namespace connectors::salesforce
