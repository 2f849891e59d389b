// A workflow's document as a definition, read as far as it can be: what is wrong in one place hides nothing in another.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.hpp"
#include "base/json_document.hpp"
#include "engine/definition.hpp"

namespace engine {

// More would be a program, not a picture; and the checks may take their time with this many.
inline constexpr std::size_t tasks_max = 1000;

struct DefinitionDraft {
  WorkflowDefinition definition;
  // Beside every tasks[i].after[j]: the pointer to where it was written.
  std::vector<std::vector<std::string>> edge_places;
};

// `findings` holds what the schema has refused; a refused part is left out without another word. Adds what only reading
// can tell: names, edges, durations, conditions. What needs the catalog is not looked at. Precondition:
// document.readable().
DefinitionDraft read_definition(const base::JsonDocument& document, base::Findings& findings);

// What would be right instead of an unknown name: the nearest, or a list of those that there are.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace engine
