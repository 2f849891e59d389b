#include "engine/definition.hpp"

namespace engine {

std::string TaskDefinition::pointer() const { return "/tasks" + base::pointer_token(id); }

std::optional<std::size_t> WorkflowDefinition::index_of(std::string_view id) const {
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].id == id) return i;
  }
  return std::nullopt;
}

std::string_view to_string(On on) {
  switch (on) {
    case On::succeeded: return "succeeded";
    case On::failed: return "failed";
    case On::finished: return "finished";
  }
  return "";
}

}  // namespace engine
