// The objects and fields that every org has, as far as this program knows them.
#pragma once

#include "tasks/org_check.hpp"

namespace app {

// Of what the local org has from the start: what is standard, without the fields and objects of its own.
tasks::OrgSchema standard_org_schema();

}  // namespace app
