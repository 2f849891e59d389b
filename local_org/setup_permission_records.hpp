// What the setup objects say of who may do what: profiles, permission sets, and what they grant to whom.
#pragma once

#include <vector>

#include "local_org/setup_tables.hpp"

namespace local_org {

std::vector<SetupRecord> profile_records(const SetupFacts& facts);
// The sets that hold the rights of profiles are among them.
std::vector<SetupRecord> permission_set_records(const SetupFacts& facts);
std::vector<SetupRecord> permission_set_assignments(const SetupFacts& facts);
// One for each object, or field, of which something is granted.
std::vector<SetupRecord> object_permissions(const SetupFacts& facts);
std::vector<SetupRecord> field_permissions(const SetupFacts& facts);
// One, of the asker.
std::vector<SetupRecord> user_permission_access(const SetupFacts& facts);
// Which sets let their users use an app that is for approved users only.
std::vector<SetupRecord> setup_entity_access(const SetupFacts& facts);

}  // namespace local_org
