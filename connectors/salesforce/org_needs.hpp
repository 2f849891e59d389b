// What somebody wants to do in an org, as far as rights go: a plain value, whoever it comes from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/api_name.hpp"

namespace connectors::salesforce {

struct FieldNeed {
  std::string name;
  bool read = false;    // pulled out of Salesforce, or searched by; may be a path then: Account.Name
  bool create = false;  // written into new records
  bool update = false;  // written into records that exist
  // What is written whatever a response says. "Web"
  std::vector<std::string> constants{};
  std::size_t length = 0;  // in characters, at least; 0: what is written is held to the field's
};

struct ObjectNeed {
  std::string object;
  bool create = false;
  bool update = false;
  bool remove = false;
  bool search = false;  // records are found by their fields
  std::vector<FieldNeed> fields{};
  std::vector<std::string> record_types{};  // developer names or ids
  bool any_record_type = false;             // which one is known only from a response
};

struct OrgNeeds {
  std::vector<ObjectNeed> objects{};  // one an object

  bool empty() const { return objects.empty(); }
  // Joins it with what is needed of the same object already; capitals make no difference.
  void add(ObjectNeed need);
};

}  // namespace connectors::salesforce
