#include "connectors/secret_reference.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace connectors {
namespace {

constexpr std::size_t secret_bytes_max = 64u << 10;
constexpr const char* secret_missing = "account_secret_missing";

std::string reference_of_kind(const nlohmann::json& value, const char* kind) {
  if (!value.is_object()) return "";
  const auto named = value.find(kind);
  return named != value.end() && named->is_string() ? named->get<std::string>() : "";
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

base::Secret SecretReferences::read(const nlohmann::json& value, const std::string& pointer,
                                    base::Findings& findings) const {
  if (value.is_string()) return base::Secret(value.get<std::string>());
  if (value.is_object() && !follow_) {
    findings.push_back({.code = "secret_reference_refused",
                        .pointer = pointer,
                        .message = "a reference to a variable or a file of the server is not followed here",
                        .hint = "the secret itself, as a text"});
    return base::Secret();
  }
  if (const std::string variable = reference_of_kind(value, "env"); !variable.empty())
    return from_variable(variable, pointer + "/env", findings);
  if (const std::string file = reference_of_kind(value, "file"); !file.empty())
    return from_file(file, pointer + "/file", findings);
  return base::Secret();
}

base::Secret SecretReferences::from_variable(const std::string& variable, std::string pointer,
                                             base::Findings& findings) const {
  std::optional<std::string> value = environment_(variable);
  if (!value || value->empty()) {
    findings.push_back({.code = secret_missing,
                        .pointer = std::move(pointer),
                        .message = fmt::format("the environment variable {} is not set", variable)});
    return base::Secret();
  }
  return base::Secret(*std::move(value));
}

base::Secret SecretReferences::from_file(const std::string& file, std::string pointer, base::Findings& findings) const {
  const std::filesystem::path place =
      std::filesystem::path(document_path_).parent_path() / file;  // an absolute `file` stands alone
  std::ifstream stream(place, std::ios::binary);
  std::string value;
  char piece[4096];
  while (stream.read(piece, sizeof piece), stream.gcount() > 0 && value.size() <= secret_bytes_max) {
    value.append(piece, static_cast<std::size_t>(stream.gcount()));
  }
  while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
  if (value.empty() || value.size() > secret_bytes_max) {
    const std::string_view wrong = value.empty() ? "cannot be read, or is empty" : "is too large for a secret";
    findings.push_back({.code = secret_missing,
                        .pointer = std::move(pointer),
                        .message = fmt::format("the file {} {}", place.string(), wrong)});
    return base::Secret();
  }
  return base::Secret(std::move(value));
}

}  // namespace connectors
