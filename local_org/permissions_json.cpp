// Profiles and permission sets as JSON: as the store keeps them, as /_local shows them, and what a PUT asks for.
#include "local_org/permissions_json.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/findings.hpp"

namespace local_org {
namespace {

std::string text_member(const nlohmann::json& object, std::string_view name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

void write_profile_names(base::JsonWriter& json, const Profile& profile) {
  json.field("id", profile.id);
  json.field("name", profile.name);
  json.field("permission_set_id", profile.permission_set_id);
  json.key("login_ip_ranges");
  json.begin_array();
  for (const LoginRange& range : profile.login_ranges) {
    json.begin_object();
    json.field("startAddress", range.start);
    json.field("endAddress", range.end);
    json.field("description", range.description);
    json.end_object();
  }
  json.end_array();
}

void write_profile(base::JsonWriter& json, const Profile& profile, const PermissionSet& own_set) {
  json.begin_object();
  write_profile_names(json, profile);
  write_rights(json, own_set.rights);
  json.end_object();
}

void write_permission_set(base::JsonWriter& json, const PermissionSet& set) {
  json.begin_object();
  json.field("id", set.id);
  json.field("name", set.name);
  json.field("label", set.label);
  json.field("profile_id", set.profile_id);
  write_rights(json, set.rights);
  json.end_object();
}

Profile read_profile(const nlohmann::json& json) {
  Profile profile{json.at("id"), json.at("name"), json.at("permission_set_id")};
  for (const nlohmann::json& range : json.at("login_ip_ranges"))
    profile.login_ranges.push_back({range.at("startAddress"), range.at("endAddress"), range.at("description")});
  return profile;
}

PermissionSet read_permission_set(const nlohmann::json& json) {
  return {json.at("id"), json.at("name"), json.at("label"), json.at("profile_id"), read_rights(json)};
}

void PermissionWish::add_faults(std::vector<std::string> more) {
  std::move(more.begin(), more.end(), std::back_inserter(faults));
}

PermissionWish read_wish(const nlohmann::json& wanted, std::initializer_list<std::string_view> own_members) {
  PermissionWish wish{text_member(wanted, "name"), text_member(wanted, "label"), text_member(wanted, "like")};
  if (wish.name.empty()) wish.faults.emplace_back("/name: it must be said which one is meant");
  // Those in the second line are shown by GET, and nobody can change them.
  std::vector<std::string> known{"name",         "like", "system",     "objects",          "fields",
                                 "record_types", "id",   "profile_id", "permission_set_id"};
  known.insert(known.end(), own_members.begin(), own_members.end());
  for (const auto& [member, value] : wanted.items()) {
    if (std::find(known.begin(), known.end(), member) == known.end())
      wish.faults.push_back(fmt::format("{}: there is no such member; known are {}", base::pointer_token(member),
                                        fmt::join(known, ", ")));
  }
  return wish;
}

std::vector<std::string> change_login_ranges(std::vector<LoginRange>& ranges, const nlohmann::json& wanted) {
  const auto given = wanted.find("login_ip_ranges");
  if (given == wanted.end()) return {};
  std::vector<LoginRange> changed;
  std::vector<std::string> faults;
  for (std::size_t i = 0; given->is_array() && i < given->size(); ++i) {
    const nlohmann::json& one = given->at(i);
    if (one.is_object())
      changed.push_back(
          {text_member(one, "startAddress"), text_member(one, "endAddress"), text_member(one, "description")});
    if (!one.is_object() || !base::parse_ip_range(changed.back().start, changed.back().end)) {
      faults.push_back(
          fmt::format("/login_ip_ranges/{}: a range has a startAddress and an endAddress that is not below", i));
    }
  }
  if (!given->is_array()) faults.emplace_back("/login_ip_ranges: is a list of ranges");
  if (faults.empty()) ranges = std::move(changed);
  return faults;
}

}  // namespace local_org
