#include "tasks/api_name.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "connectors/salesforce/api_name.hpp"

namespace tasks {

namespace {

bool is_name_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool is_api_name(std::string_view name) {
  return !name.empty() && is_name_letter(name.front()) && name.back() != '_' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_name_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_api_path(std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return is_api_name(path);
  return is_api_name(path.substr(0, dot)) && is_api_path(path.substr(dot + 1));
}

std::string nearest_name(std::string_view wrong, const std::vector<std::string>& names) {
  const auto is_meant = [&](const std::string& name) {
    return same_name(name, fmt::format("{}__c", wrong)) || same_name(wrong, fmt::format("{}__c", name));
  };
  const auto meant = std::find_if(names.begin(), names.end(), is_meant);
  return meant != names.end() ? *meant : base::nearest(wrong, names);
}

std::string folded_name(std::string_view name) { return connectors::salesforce::folded_api_name(name); }

}  // namespace tasks
