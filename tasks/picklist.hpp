// Choices of a picklist, as an answer names them and as the org takes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"
#include "connectors/salesforce/object_schema.hpp"

namespace tasks {

// The choice's value in the org's own spelling, found by value or label, capitals and blanks around it aside. What is
// none of the choices is an error where the picklist is restricted, and else stays as it is.
base::Result<std::string> choice_named(std::string_view text, const connectors::salesforce::FieldSchema& field);

// Several choices as one text, joined by `;`, each once and in the org's order. A text is taken apart at its `;`.
base::Result<std::string> choices_named(const base::Value& value, const connectors::salesforce::FieldSchema& field);

// The choices of a text that is joined by `;`, without blanks around them.
std::vector<std::string> choices_in(std::string_view joined);

// Whether a dependent picklist offers `choice` where its controlling field holds `controlling`. What is none of the
// choices, or nothing to depend on, is not judged.
bool is_offered(const connectors::salesforce::FieldSchema& field, std::string_view choice,
                std::string_view controlling);

}  // namespace tasks
