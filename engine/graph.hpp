// The shape of a task graph, apart from what its tasks do.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/definition.hpp"

namespace engine {

// The tasks of one cycle, each waiting for the next and the last for the first; empty when there is none.
std::vector<std::size_t> find_cycle(const std::vector<TaskDefinition>& tasks);

// Layers for drawing: every task stands one column right of the last of those it waits for. Tasks on a cycle stand in
// column 0.
std::vector<std::size_t> columns(const std::vector<TaskDefinition>& tasks);

// flowchart in Mermaid's words, with conditions and `on` on the edges.
std::string to_mermaid(const WorkflowDefinition& definition);
// The same for Graphviz.
std::string to_dot(const WorkflowDefinition& definition);

}  // namespace engine
