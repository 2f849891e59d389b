// API names of objects and fields: what can be one, and when two are the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tasks {

bool is_api_name(std::string_view name);
// A name, or names joined by dots: a parent's field.
bool is_api_path(std::string_view path);

// Salesforce tells no capitals apart in names: where one is looked up, this stands for it.
std::string folded_name(std::string_view name);
inline bool same_name(std::string_view a, std::string_view b) { return folded_name(a) == folded_name(b); }

// What `wrong` was probably meant to be: Email__c for Email, else the one with the fewest slips; "" where none is near.
std::string nearest_name(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace tasks
