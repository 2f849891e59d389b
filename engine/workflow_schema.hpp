// One self-contained schema of a workflow's document for editors: `with` completes by the task's type.
#pragma once

#include "base/json_text.hpp"
#include "engine/catalog.hpp"

namespace engine {

// The check itself reads the plain schema and then each task type's own; an editor can only hold one document, and
// chooses by if/then. Both come from the same texts.
base::JsonText workflow_schema(const Catalog& catalog);

}  // namespace engine
