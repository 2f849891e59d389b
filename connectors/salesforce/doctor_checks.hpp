// The doctor's judgement: what the facts say about each requirement. Pure.
#pragma once

#include <string>
#include <vector>

#include "connectors/salesforce/doctor.hpp"
#include "connectors/salesforce/doctor_facts.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace connectors::salesforce {

// Every requirement once, in the order in which they are told.
std::vector<Check> judge(const Patient& patient, const OrgNeeds& needs, const OrgFacts& facts);

// The part that depends on what is wanted: record_types, view_all, modify_all, create, read, edit.
std::vector<Check> judge_objects(const OrgNeeds& needs, const OrgFacts& facts);

}  // namespace connectors::salesforce
