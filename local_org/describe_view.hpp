// Describe documents as one user sees them.
#pragma once

#include <string>

#include "local_org/access.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// The object's describe without the fields and children that the user may not read; what may be created, updated and
// deleted is what the user may. Precondition of both: the user may read the object.
std::string describe_for(const Object& object, const Access& access);
// The same of its entry in describe global.
std::string summary_for(const Object& object, const Access& access);

}  // namespace local_org
