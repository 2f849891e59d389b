// A profile as the Metadata API tells it.
#pragma once

#include <string>

#include "local_org/permissions.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// The JSON object that the Tooling API has as the profile's `Metadata`.
std::string profile_metadata(const Profile& profile, const Rights& rights, const Schema& schema);

}  // namespace local_org
