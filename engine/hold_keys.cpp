#include "engine/hold_keys.hpp"

#include <fmt/format.h>

namespace engine {
namespace {

struct KeysOfChange {
  const std::vector<Project>& projects;

  std::vector<std::string> operator()(const LicenceChanged& change) const {
    std::vector<std::string> keys;
    for (const std::string& extension : change.extensions) keys.push_back(license_key(extension));
    return keys;
  }
  std::vector<std::string> operator()(const OwnershipChanged& change) const { return {project_key(change.project)}; }
  std::vector<std::string> operator()(const AccountChanged& change) const { return {account_key(change.account)}; }
  std::vector<std::string> operator()(const BindingChanged& change) const {
    return {binding_key(change.workflow, change.alias)};
  }
  std::vector<std::string> operator()(const MembershipChanged& change) const {
    std::vector<std::string> keys;
    for (const Project& project : projects) {
      if (project.owner == change.user) keys.push_back(project_key(project.id));
    }
    return keys;
  }
};

}  // namespace

std::string license_key(std::string_view extension) { return fmt::format("license:{}", extension); }
std::string project_key(std::string_view project) { return fmt::format("project:{}", project); }
std::string account_key(std::string_view account) { return fmt::format("account:{}", account); }
std::string binding_key(std::string_view workflow, std::string_view alias) {
  return fmt::format("binding:{}:{}", workflow, alias);
}

std::string schema_key(std::string_view account, std::string_view object) {
  return fmt::format("schema:{}:{}", account, object);
}

std::vector<std::string> keys_lifted_by(const Changed& change, const std::vector<Project>& projects) {
  return std::visit(KeysOfChange{projects}, change);
}

}  // namespace engine
