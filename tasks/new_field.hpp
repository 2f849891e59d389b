// The field that an org gets for a mapped value: of a type that takes every value that the mapping can bring, and can
// still be narrowed by hand.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "connectors/salesforce/org_package.hpp"
#include "connectors/survey/survey.hpp"
#include "tasks/field_value.hpp"

namespace tasks {

// What a type is judged by, besides the value itself.
struct FieldSources {
  const connectors::survey::Survey* survey = nullptr;  // may be null
  // The object whose records a task finds or makes; "" where it is none.
  std::function<std::string(std::string_view task)> object_of_task{};
};

// A text that names a record: unique, an external id.
connectors::salesforce::NewField new_key_field(const std::string& name);
// The one for the effect key of an insert that must happen once.
connectors::salesforce::NewField new_idempotency_field(const std::string& name);
// `object` is the one that gets the field.
connectors::salesforce::NewField new_field(const std::string& name, std::string_view object, const FieldValue& value,
                                           const FieldSources& sources);
connectors::salesforce::NewField new_lookup_field(const std::string& name, std::string_view object, std::string target);
// One that is only compared or read: what it holds is not known here.
connectors::salesforce::NewField new_text_field(const std::string& name);

// "Survey_Response__c" as people read it: "Survey Response".
std::string label_of_name(std::string_view name);
// In words, for whoever is to judge the choice: "Text(255), unique, external id".
std::string type_words(const connectors::salesforce::NewField& field);

}  // namespace tasks
