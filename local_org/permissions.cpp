// The org's profiles and permission sets, and who has which.
#include "local_org/permissions.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "local_org/permissions_json.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

constexpr std::string_view permissions_setting = "permissions";

template <class All>
auto* one_named(All& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

base::IpRanges parsed_ranges(const std::vector<LoginRange>& ranges) {
  base::IpRanges parsed;
  for (const LoginRange& range : ranges) {
    if (const std::optional<base::IpRange> one = base::parse_ip_range(range.start, range.end)) parsed.push_back(*one);
  }
  return parsed;
}

}  // namespace

std::string first_profile_id() { return make_record_id("00e", 1); }

Permissions::Permissions(RecordStore& store, const Schema& schema)
    : store_(store), schema_(schema), users_(*schema.find("User")) {
  load();
  if (!profiles_.empty()) return;
  set_of(add_profile(std::string(first_profile_name))).rights = all_rights();
  save();
}

std::vector<Assignment> Permissions::assignments() {
  std::vector<Assignment> all;
  for (const std::string& user_id : store_.all_ids(users_)) {
    if (const Profile* profile = profile_of(user_id)) all.push_back({user_id, profile->permission_set_id});
    for (const std::string& set_id : assigned_to(user_id)) all.push_back({user_id, set_id});
  }
  return all;
}

const Profile* Permissions::find_profile(std::string_view name) const { return one_named(profiles_, name); }
const PermissionSet* Permissions::find_permission_set(std::string_view name) const { return one_named(sets_, name); }

const Profile* Permissions::profile_of(std::string_view user_id) {
  const std::optional<Record> user = store_.find(users_, user_id);
  const auto* id = user ? std::get_if<std::string>(&(*user)[users_.index_of(*users_.find("ProfileId"))]) : nullptr;
  if (!id) return nullptr;
  const auto found =
      std::find_if(profiles_.begin(), profiles_.end(), [&](const Profile& one) { return one.id == *id; });
  return found == profiles_.end() ? nullptr : &*found;
}

const PermissionSet* Permissions::permission_set(std::string_view id) const {
  const auto found = std::find_if(sets_.begin(), sets_.end(), [&](const PermissionSet& set) { return set.id == id; });
  return found == sets_.end() ? nullptr : &*found;
}

std::vector<std::string> Permissions::put_profile(const nlohmann::json& wanted) {
  PermissionWish wish = read_wish(wanted, {"login_ip_ranges"});
  Profile* known = one_named(profiles_, wish.name);
  Rights rights = known ? set_of(*known).rights : rights_like(wish);
  wish.add_faults(change_rights(rights, wanted, schema_));
  std::vector<LoginRange> ranges = known ? known->login_ranges : std::vector<LoginRange>{};
  wish.add_faults(change_login_ranges(ranges, wanted));
  if (!wish.faults.empty()) return std::move(wish.faults);
  Profile& profile = known ? *known : add_profile(wish.name);
  set_of(profile).rights = std::move(rights);
  profile.login_ranges = std::move(ranges);
  save();
  return {};
}

std::vector<std::string> Permissions::put_permission_set(const nlohmann::json& wanted) {
  return put_permission_set(wanted, true);
}

std::vector<std::string> Permissions::reset_permission_set(const nlohmann::json& wanted) {
  return put_permission_set(wanted, false);
}

std::vector<std::string> Permissions::put_permission_set(const nlohmann::json& wanted, bool keeps_rights) {
  PermissionWish wish = read_wish(wanted, {"label"});
  PermissionSet* known = one_named(sets_, wish.name);
  if (known && !known->profile_id.empty())
    wish.faults.emplace_back("/name: this set is a profile's; change the profile");
  Rights rights = known && keeps_rights ? known->rights : rights_like(wish);
  wish.add_faults(change_rights(rights, wanted, schema_));
  if (!wish.faults.empty()) return std::move(wish.faults);
  PermissionSet& set = known ? *known : add_set(wish.name);
  set.rights = std::move(rights);
  if (!wish.label.empty()) set.label = wish.label;
  save();
  return {};
}

// A new one starts with nothing, or with what another grants.
Rights Permissions::rights_like(PermissionWish& wish) const {
  if (wish.like.empty()) return {};
  if (const Profile* profile = find_profile(wish.like)) return permission_set(profile->permission_set_id)->rights;
  if (const PermissionSet* set = find_permission_set(wish.like)) return set->rights;
  wish.faults.push_back(fmt::format("/like: there is no profile or permission set '{}'", wish.like));
  return {};
}

Profile& Permissions::add_profile(const std::string& name) {
  const std::string id = make_record_id("00e", static_cast<std::int64_t>(profiles_.size()) + 1);
  // As Salesforce names the sets that hold profiles' rights.
  PermissionSet& set = add_set("X" + id.substr(0, 15));
  set.profile_id = id;
  profiles_.push_back({id, name, set.id});
  return profiles_.back();
}

PermissionSet& Permissions::add_set(const std::string& name) {
  const std::string id = make_record_id("0PS", static_cast<std::int64_t>(sets_.size()) + 1);
  sets_.push_back({.id = id, .name = name, .label = name});
  return sets_.back();
}

PermissionSet& Permissions::set_of(const Profile& profile) {
  return *std::find_if(sets_.begin(), sets_.end(),
                       [&](const PermissionSet& set) { return set.id == profile.permission_set_id; });
}

void Permissions::assign(const std::string& user_id, std::vector<std::string> set_ids) {
  assigned_[user_id] = std::move(set_ids);
  save();
}

const std::vector<std::string>& Permissions::assigned_to(std::string_view user_id) const {
  static const std::vector<std::string> none;
  const auto found = assigned_.find(user_id);
  return found == assigned_.end() ? none : found->second;
}

const Access& Permissions::access_of(const std::string& user_id) {
  // A user's profile stands in its record, which everybody may change who may change users.
  if (std::exchange(user_writes_known_, store_.writes_of(users_)) != store_.writes_of(users_)) known_.clear();
  const auto known = known_.find(user_id);
  return known != known_.end() ? known->second : known_.emplace(user_id, compute(user_id)).first->second;
}

Access Permissions::compute(const std::string& user_id) {
  Grants grants;
  if (const Profile* profile = profile_of(user_id)) {
    grants.rights.push_back(&set_of(*profile).rights);
    grants.login_ranges = parsed_ranges(profile->login_ranges);
  }
  for (const std::string& id : assigned_to(user_id)) {
    if (const PermissionSet* set = permission_set(id)) grants.rights.push_back(&set->rights);
  }
  return {user_id, grants, schema_};
}

void Permissions::save() {
  known_.clear();
  base::JsonWriter json;
  json.begin_object();
  json.key("profiles");
  json.begin_array();
  for (const Profile& profile : profiles_) {
    json.begin_object();
    write_profile_names(json, profile);
    json.end_object();
  }
  json.end_array();
  json.key("permission_sets");
  json.begin_array();
  for (const PermissionSet& set : sets_) write_permission_set(json, set);
  json.end_array();
  json.key("assigned");
  json.begin_object();
  for (const auto& [user_id, set_ids] : assigned_) {
    json.key(user_id);
    json.begin_array();
    for (const std::string& id : set_ids) json.string(id);
    json.end_array();
  }
  json.end_object();
  json.end_object();
  store_.set_setting(permissions_setting, json.text());
}

void Permissions::load() {
  const std::optional<std::string> kept = store_.setting(permissions_setting);
  const base::Result<nlohmann::json> all = base::parse_json(kept.value_or("{}"));
  if (!kept || !all) return;
  for (const nlohmann::json& profile : all->at("profiles")) profiles_.push_back(read_profile(profile));
  for (const nlohmann::json& set : all->at("permission_sets")) sets_.push_back(read_permission_set(set));
  for (const auto& [user_id, set_ids] : all->at("assigned").items())
    assigned_[user_id] = set_ids.get<std::vector<std::string>>();
}

}  // namespace local_org
