// JSON with line breaks, as Salesforce writes it on request.
#pragma once

#include <string>
#include <string_view>

namespace local_org {

// `json` is one compact value. Keys stand as `"key" : value`, two blanks a level.
std::string pretty_json(std::string_view json);

}  // namespace local_org
