// Where a task's document names what it needs of an org: what somebody reads who has to find the line of the mapping.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/definition.hpp"

namespace tasks {

// Pointers into the whole document, e.g. "/tasks/comment/with/fields/Comment__c"; whatever the capitals. For an empty
// field, the place of the object. None where the task does not name it.
std::vector<std::string> places_of(const engine::TaskDefinition& task, std::string_view object, std::string_view field);

}  // namespace tasks
