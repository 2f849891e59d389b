// A secret as a document gives it: {"env": "NAME"}, {"file": "PATH"}, or the plain text.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/findings.hpp"
#include "base/secret.hpp"

namespace connectors {

// The value of an environment variable, nullopt where it is not set.
using Environ = std::function<std::optional<std::string>(const std::string& name)>;
std::optional<std::string> process_environment(const std::string& name);

class SecretReferences {
 public:
  // Files are found beside `document_path`. Without `follow`, references are refused: what comes over the network must
  // not read this machine's files or environment.
  SecretReferences(std::string document_path, Environ environment, bool follow = true)
      : document_path_(std::move(document_path)), environment_(std::move(environment)), follow_(follow) {}

  // An empty secret when the reference leads nowhere; the findings say why. A value of another type gives nothing: its
  // schema has named it.
  base::Secret read(const nlohmann::json& value, const std::string& pointer, base::Findings& findings) const;

 private:
  base::Secret from_variable(const std::string& variable, std::string pointer, base::Findings& findings) const;
  base::Secret from_file(const std::string& file, std::string pointer, base::Findings& findings) const;

  std::string document_path_;
  Environ environment_;
  bool follow_;
};

}  // namespace connectors
