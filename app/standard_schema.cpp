#include "app/standard_schema.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "local_org/describe_files.hpp"

namespace app {

tasks::OrgSchema standard_org_schema() {
  connectors::salesforce::OrgSnapshot snapshot;
  for (const auto& [file, text] : local_org::embedded_files()) {
    nlohmann::json object = nlohmann::json::parse(text);
    if (object.at("custom").get<bool>()) continue;
    nlohmann::json standard = nlohmann::json::array();
    for (const nlohmann::json& field : object.at("fields"))
      if (!field.at("custom").get<bool>()) standard.push_back(field);
    object["fields"] = std::move(standard);
    if (base::Result<std::string> kept = connectors::salesforce::kept_description(object.dump()))
      snapshot.objects[object.at("name").get<std::string>()] = *std::move(kept);
  }
  return tasks::OrgSchema(std::move(snapshot));
}

}  // namespace app
