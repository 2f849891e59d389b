#include "app/editor_schema.hpp"

#include <nlohmann/json.hpp>

#include "engine/workflow_schema.hpp"
#include "tasks/catalog.hpp"

namespace app {

std::string editor_schema() {
  const std::string text = engine::workflow_schema(tasks::make_catalog({})).text;
  return nlohmann::ordered_json::parse(text).dump(2) + "\n";
}

}  // namespace app
