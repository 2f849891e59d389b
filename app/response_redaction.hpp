// A survey response without the person who gave it: every text that may tell of somebody becomes a stand-in of the same
// kind, the same one wherever it occurs. Choices, scores, times and what the platform says of the interview stay.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/stand_ins.hpp"
#include "base/json_text.hpp"

namespace app {

struct RedactedResponse {
  base::JsonText response;          // indented, as people keep it beside a workflow
  std::vector<std::string> keys{};  // of the values that were changed, sorted
  StandIns stand_ins{};             // also those that were given
};

// `body` is a response that was read before, as it came. Values of the keys in `kept` stay as they are; what
// `stand_ins` knows already gets the same again.
RedactedResponse redact_response(std::string_view body, const std::set<std::string>& kept = {},
                                 StandIns stand_ins = {});

}  // namespace app
