#include "connectors/salesforce/api_name.hpp"

#include "base/http/message.hpp"

namespace connectors::salesforce {

std::string folded_api_name(std::string_view name) {
  std::string folded(name);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

bool same_api_name(std::string_view a, std::string_view b) { return base::http::equal_ignoring_case(a, b); }

}  // namespace connectors::salesforce
