// What differs between two versions of a workflow's document, as an author reads it.
#pragma once

#include <string>
#include <vector>

#include "base/json_text.hpp"
#include "engine/definition.hpp"

namespace engine {

struct DocumentChange {
  std::string op;         // add, remove, replace; reorder: the same tasks in another order
  std::string path;       // JSON Pointer
  base::JsonText from{};  // empty for add
  base::JsonText to{};    // empty for remove
};

// Of the canonical documents, so neither spaces nor the order of members count; the order of tasks does. Applied in
// order, it leads from one to the other.
std::vector<DocumentChange> document_diff(const WorkflowDefinition& from, const WorkflowDefinition& to);
// [{op, path, from?, to?}]
base::JsonText to_json(const std::vector<DocumentChange>& changes);

}  // namespace engine
