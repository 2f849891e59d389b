// What an org has lost of what a record names: fields, choices, a record type, the object itself. Pure.
#pragma once

#include <string>
#include <vector>

#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/record.hpp"

namespace tasks {

struct LostInOrg {
  std::vector<std::string> fields{};  // to whose places in the document this leads; "": to the object's
  std::string in_words{};             // "Case.Origin offers 'Web' no more"

  bool empty() const { return fields.empty(); }
};

// Of `fields`, those that the object had and has no more, or that the account's user may no longer write.
std::vector<std::string> lost_fields(const connectors::salesforce::ObjectSchema& before,
                                     const connectors::salesforce::ObjectSchema& now,
                                     const std::vector<std::string>& fields);

// `now`: null where all of the object is gone.
LostInOrg lost_of(const connectors::salesforce::RecordChange& change,
                  const connectors::salesforce::ObjectSchema& before, const connectors::salesforce::ObjectSchema* now);

}  // namespace tasks
