#include "app/local_schemas.hpp"

#include <filesystem>
#include <set>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/org_contrast.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/api_name.hpp"
#include "local_org/completed_describe.hpp"
#include "local_org/schema.hpp"

namespace app {
namespace {

// The local org's own custom object has the prefix that orgs give to their first one.
constexpr const char* own_custom_object = "Survey_Response__c";
constexpr const char* prefix_of_first_custom_object = "a00";

// With a prefix that none of the others has.
std::string own_custom_object_beside(const std::set<std::string>& prefixes) {
  nlohmann::ordered_json object = nlohmann::ordered_json::parse(local_describe_of(own_custom_object));
  std::string prefix = "aZZ";
  for (char second = 'Z'; second >= 'A' && prefixes.contains(prefix); --second)
    for (char third = 'Z'; third >= 'A' && prefixes.contains(prefix); --third) prefix = {'a', second, third};
  object["keyPrefix"] = prefix;
  return object.dump();
}

}  // namespace

using connectors::salesforce::folded_api_name;

base::Findings LocalSchemas::add(const std::string& alias, const connectors::salesforce::OrgSnapshot& snapshot,
                                 const std::string& folder) {
  base::Findings findings;
  for (const auto& [name, description] : snapshot.objects) {
    if (local_org::is_filled_by_org(name)) continue;
    try {
      std::string describe = local_org::completed_describe(description);
      local_org::Schema schema;
      schema.add(describe);
      std::string prefix = schema.objects().front().key_prefix;
      by_alias_[alias][folded_api_name(name)] = {std::move(describe), std::move(prefix)};
    } catch (const std::invalid_argument& fault) {
      findings.push_back({.code = std::string(connectors::org_snapshot_unreadable.name),
                          .pointer = "",
                          .message = "no local org can be made of it: " + std::string(fault.what()),
                          .file = (std::filesystem::path(folder) / "objects" / (name + ".json")).string()});
    }
  }
  return findings;
}

std::vector<std::string> LocalSchemas::describes_of(const std::string& alias) const {
  Describes all;
  for (const std::string& whose : {alias, std::string()}) {
    const auto of_alias = by_alias_.find(whose);
    if (of_alias != by_alias_.end()) all.insert(of_alias->second.begin(), of_alias->second.end());
  }
  std::vector<std::string> texts;
  std::set<std::string> prefixes;
  for (auto& [name, described] : all) {
    texts.push_back(std::move(described.text));
    prefixes.insert(described.key_prefix);
  }
  if (!all.contains(folded_api_name(own_custom_object)) && prefixes.contains(prefix_of_first_custom_object))
    texts.push_back(own_custom_object_beside(prefixes));
  return texts;
}

std::string_view LocalSchemas::describe_of(const std::string& alias, const std::string& object) const {
  for (const std::string& whose : {alias, std::string()}) {
    const auto of_alias = by_alias_.find(whose);
    if (of_alias == by_alias_.end()) continue;
    const auto found = of_alias->second.find(folded_api_name(object));
    if (found != of_alias->second.end()) return found->second.text;
  }
  return local_describe_of(object);
}

}  // namespace app
