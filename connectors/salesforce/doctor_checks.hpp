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

// The parts of one check that covers several things: a fault makes it fail, else something unknown makes it
// cannot_tell, and only what is left passes.
class Tally {
 public:
  void good(std::string what) { good_.push_back(std::move(what)); }
  void bad(std::string what) { bad_.push_back(std::move(what)); }
  void unknown(std::string what) { unknown_.push_back(std::move(what)); }
  bool empty() const { return good_.empty() && bad_.empty() && unknown_.empty(); }

  // `nothing`: the message where there was nothing to look at.
  Check to_check(std::string check, std::string fix, std::string setup_path, std::string nothing) const;

 private:
  std::vector<std::string> good_;
  std::vector<std::string> bad_;
  std::vector<std::string> unknown_;
};

// Why a fact is missing, for a person: no right to look, or Salesforce's own words.
std::string why_unknown(const std::optional<base::Error>& refusal, std::string_view who_can);

}  // namespace connectors::salesforce
