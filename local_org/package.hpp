// A package in Salesforce's source format, as an org takes it in: objects, fields, record types, global value sets and
// permission sets.
#pragma once

#include <string>
#include <vector>

#include "base/findings.hpp"
#include "local_org/schema.hpp"

namespace local_org {

struct PermissionSetDocument {
  std::string file;
  std::string json;  // as /_local/permission_sets takes it
};

struct Package {
  std::vector<std::string> describes{};  // as Schema::add takes them: objects that are new or have changed
  std::vector<PermissionSetDocument> permission_sets{};
};

struct PackageReading {
  Package package{};          // to be used when no finding is an error
  base::Findings findings{};  // what is wrong, and as warnings what is left out; each names its file
};

// All files below the folder, in the order of their names. An object that the package itself describes takes the place
// of the schema's; one that only gets fields keeps what it has.
PackageReading read_package(const std::string& folder, const Schema& schema);

}  // namespace local_org
