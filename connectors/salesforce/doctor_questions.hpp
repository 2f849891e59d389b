// What is to be asked of an org to judge an account: the next questions, from what is known so far. Pure.
#pragma once

#include <string>
#include <vector>

#include "connectors/salesforce/doctor.hpp"
#include "connectors/salesforce/doctor_facts.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace connectors::salesforce {

struct OrgQuestion {
  // Takes the answer in; `object` is the question's.
  using Learn = void (*)(OrgFacts& facts, std::string_view object, const OrgAnswer& answer);

  Learn learn;
  std::string path{};  // below the API's root
  std::string object{};
  bool is_about_session_settings = false;
};

// Those that were not asked yet and can be asked now; none when all is known that can be known. What an ordinary user
// may ask stands before what only an admin may.
std::vector<OrgQuestion> next_questions(const Patient& patient, const OrgNeeds& needs, const OrgFacts& facts);

// Of these only what the needed objects are, and their record types.
std::vector<OrgQuestion> next_object_questions(const OrgNeeds& needs, const OrgFacts& facts);

// An object that is related to a written one, or searched: its records have to be visible, all of them.
struct RelatedObject {
  std::string object;
  std::string through;          // "Survey_Response__c.Contact__c", or "" where it is searched itself
  bool may_be_another = false;  // the lookup may point to several objects, and which one is not known
};

// As far as the objects are described.
std::vector<RelatedObject> related_objects(const OrgNeeds& needs, const OrgFacts& facts);

// A path cut into what each step is: Contact and Account.Name give {Account, Name} and the object of its last field.
struct FieldPlace {
  std::string object;  // "" where a step leads nowhere or to several objects
  std::string field;
  std::string missing_step{};  // the relationship that the object does not have for the user
};
FieldPlace place_of_field(const std::string& object, const std::string& path, const OrgFacts& facts);

// Objects whose View All and Modify All do not exist, because no object permission governs them.
bool has_object_permissions(std::string_view object);

// The app through which the user logged in, as far as it is known; "" otherwise.
std::string app_name(const OrgFacts& facts);

}  // namespace connectors::salesforce
