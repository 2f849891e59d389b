// What `--survey-platform FILE` holds: where the platform's API is, our token for it, and the key that signs its
// events.
#pragma once

#include <optional>
#include <string>

#include "base/findings.hpp"
#include "connectors/secret_reference.hpp"
#include "connectors/survey/platform_client.hpp"

namespace connectors::survey {

struct PlatformFile {
  std::optional<Platform> platform{};  // only when there is no error among the findings
  base::Findings findings{};
};

PlatformFile read_platform_file(const std::string& path, const Environ& environment = process_environment);

}  // namespace connectors::survey
