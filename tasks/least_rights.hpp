// The permission set under which tasks run and nothing else can be done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/org_needs.hpp"
#include "connectors/salesforce/org_package.hpp"
#include "tasks/org_check.hpp"

namespace tasks {

// The grants, in alphabetical order; who names the set is the caller. `added`: what the org gets beside what its schema
// has. Fields that every record has to have and fields of every object take no permission, as in Salesforce.
connectors::salesforce::PackagedPermissionSet least_rights(const connectors::salesforce::OrgNeeds& needs,
                                                           const OrgSchema& org,
                                                           const std::vector<connectors::salesforce::NewObject>& added);

bool is_custom_name(std::string_view name);
// Id, Name, OwnerId and the like.
bool is_field_of_every_object(std::string_view name);
// The lookup that a path goes over: Account of Account.Name is AccountId, Survey__r is Survey__c.
std::string lookup_of_relationship(std::string_view relationship);
// By developer name or id; null when the object has none such.
const connectors::salesforce::RecordTypeSchema* record_type_of(const connectors::salesforce::ObjectSchema& object,
                                                               std::string_view wanted);

}  // namespace tasks
