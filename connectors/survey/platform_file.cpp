#include "connectors/survey/platform_file.hpp"

#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "base/json_schema.hpp"
#include "connectors/accounts/endpoint_url.hpp"
#include "schemas/embedded.hpp"

namespace connectors::survey {

PlatformFile read_platform_file(const std::string& path, const Environ& environment) {
  const base::JsonDocument document = base::JsonDocument::read_file(path);
  PlatformFile result{.findings = document.findings()};
  if (!document.readable()) return result;

  base::Findings faults = base::JsonSchema(schemas::text_of("survey_platform.schema.json")).check(document.root());
  if (!base::has_errors(faults)) {
    const SecretReferences references(path, environment);
    Platform platform;
    platform.base_url = document.root().at("base_url").get<std::string>();
    while (platform.base_url.ends_with('/')) platform.base_url.pop_back();
    if (std::string wrong = what_is_wrong_with_endpoint(platform.base_url); !wrong.empty()) {
      faults.push_back({.code = "account_endpoint", .pointer = "/base_url", .message = std::move(wrong)});
    }
    platform.api_token = references.read(document.root().at("api_token"), "/api_token", faults);
    if (document.root().contains("shared_key")) {
      platform.shared_key = references.read(document.root().at("shared_key"), "/shared_key", faults);
    }
    if (!base::has_errors(faults)) result.platform = std::move(platform);
  }
  document.locate(faults);
  result.findings.insert(result.findings.end(), faults.begin(), faults.end());
  return result;
}

}  // namespace connectors::survey
