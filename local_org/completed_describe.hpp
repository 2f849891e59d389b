// A describe document of which only a part was kept, made whole: what is missing is as orgs usually have it.
#pragma once

#include <string>
#include <string_view>

namespace local_org {

// `part` tells of the object's name, its flags and its fields, as an org's saved schema does. What it says stands; of
// the rest an object of this name that every local org has is the model, else one like any custom object. Fields of
// types that the local org does not have are texts which nobody can write. Throws std::invalid_argument when it tells
// of no object.
std::string completed_describe(std::string_view part);

// Objects that the local org fills itself (users, the organization, permissions): no other description may replace
// theirs.
bool is_filled_by_org(std::string_view object);

}  // namespace local_org
