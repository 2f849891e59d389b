// Refusals of who lacks the right to write a record or a field, in Salesforce's words. All of them throw ApiError.
#pragma once

#include <string_view>
#include <vector>

#include "local_org/access.hpp"
#include "local_org/record_changes.hpp"
#include "local_org/schema.hpp"

namespace local_org {

void check_may_create(const Object& object, const Access& access);
void check_may_edit(const Object& object, const Access& access);
void check_may_delete(const Object& object, const Access& access);
// Each changed field may be written by everybody, by its describe, and by this user.
void check_writable(const Object& object, const std::vector<Change>& changes, bool creates, const Access& access);
// The record that a lookup names may be read.
void check_may_point_at(const Object& target, std::string_view id, const Access& access);

}  // namespace local_org
