// API names of an org's objects and fields: when two are the same.
#pragma once

#include <string>
#include <string_view>

namespace connectors::salesforce {

// Salesforce tells no capitals apart in names, which are ASCII: where one is looked up, this stands for it.
std::string folded_api_name(std::string_view name);
bool same_api_name(std::string_view a, std::string_view b);

}  // namespace connectors::salesforce
