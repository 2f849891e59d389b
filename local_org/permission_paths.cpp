// What an administrator decides about users, below /_local: profiles, permission sets, and who has which.
#include "local_org/permission_paths.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "local_org/local_answers.hpp"
#include "local_org/permissions_json.hpp"

namespace local_org {
namespace {

std::string text_in_body(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

base::http::Response PermissionPaths::profiles(const base::http::ServerRequest& request) {
  if (request.method == "PUT") {
    const base::Result<nlohmann::json> wanted = base::parse_json(request.body);
    if (!wanted || !wanted->is_object()) return local_refusal(400, "a profile is a JSON object");
    const std::vector<std::string> faults = permissions_.put_profile(*wanted);
    if (!faults.empty()) return local_faults(faults);
    const Profile& changed = *permissions_.find_profile(wanted->at("name").get<std::string>());
    base::JsonWriter json;
    write_profile(json, changed, *permissions_.permission_set(changed.permission_set_id));
    return base::http::json_response(200, json.take());
  }
  if (request.method != "GET") return local_refusal(405, "/_local/profiles takes GET and PUT");
  base::JsonWriter json;
  json.begin_array();
  for (const Profile& profile : permissions_.profiles())
    write_profile(json, profile, *permissions_.permission_set(profile.permission_set_id));
  json.end_array();
  return base::http::json_response(200, json.take());
}

base::http::Response PermissionPaths::permission_sets(const base::http::ServerRequest& request) {
  if (request.method == "PUT") {
    const base::Result<nlohmann::json> wanted = base::parse_json(request.body);
    if (!wanted || !wanted->is_object()) return local_refusal(400, "a permission set is a JSON object");
    const std::vector<std::string> faults = permissions_.put_permission_set(*wanted);
    if (!faults.empty()) return local_faults(faults);
    base::JsonWriter json;
    write_permission_set(json, *permissions_.find_permission_set(wanted->at("name").get<std::string>()));
    return base::http::json_response(200, json.take());
  }
  if (request.method != "GET") return local_refusal(405, "/_local/permission_sets takes GET and PUT");
  base::JsonWriter json;
  json.begin_array();
  for (const PermissionSet& set : permissions_.permission_sets()) {
    if (set.profile_id.empty()) write_permission_set(json, set);
  }
  json.end_array();
  return base::http::json_response(200, json.take());
}

base::http::Response PermissionPaths::users(const base::http::ServerRequest& request) {
  base::JsonWriter json;
  if (request.method == "POST") {
    const base::Result<nlohmann::json> wanted = base::parse_json(request.body);
    if (!wanted || !wanted->is_object()) return local_refusal(400, "a user is a JSON object");
    const std::vector<std::string> faults = put_user(*wanted);
    if (!faults.empty()) return local_faults(faults);
    write_user(json, *users_.find(text_in_body(*wanted, "username")));
  } else if (request.method == "GET") {
    json.begin_array();
    for (const std::string& id : users_.all()) write_user(json, id);
    json.end_array();
  } else {
    return local_refusal(405, "/_local/users takes GET and POST");
  }
  return base::http::json_response(200, json.take());
}

// {"username": "…", "password": "…", "first_name": "…", "last_name": "…", "email": "…", "active": true,
//  "profile": "NAME", "permission_sets": ["NAME"]}: all but the first is optional.
std::vector<std::string> PermissionPaths::put_user(const nlohmann::json& wanted) {
  std::vector<std::string> faults;
  if (text_in_body(wanted, "username").empty()) faults.emplace_back("/username: a user has one");
  const Profile* profile = permissions_.find_profile(text_in_body(wanted, "profile"));
  if (wanted.contains("profile") && !profile) faults.emplace_back("/profile: there is no such profile");
  std::vector<std::string> set_ids;
  for (const nlohmann::json& name : wanted.value("permission_sets", nlohmann::json::array())) {
    const PermissionSet* set = name.is_string() ? permissions_.find_permission_set(name.get<std::string>()) : nullptr;
    if (set && set->profile_id.empty()) {
      set_ids.push_back(set->id);
    } else {
      faults.push_back(fmt::format("/permission_sets: there is no permission set {}", name.dump()));
    }
  }
  if (!faults.empty()) return faults;
  const std::string id = users_.add(text_in_body(wanted, "username"));
  for (const auto& [name, field] :
       {std::pair{"first_name", "FirstName"}, {"last_name", "LastName"}, {"email", "Email"}}) {
    if (wanted.contains(name)) users_.set(id, field, text_in_body(wanted, name));
  }
  if (const auto active = wanted.find("active"); active != wanted.end() && active->is_boolean())
    users_.set(id, "IsActive", std::int64_t{active->get<bool>()});
  if (wanted.contains("password")) users_.set_password(id, text_in_body(wanted, "password"));
  if (profile) users_.set(id, "ProfileId", profile->id);
  if (wanted.contains("permission_sets")) permissions_.assign(id, std::move(set_ids));
  return {};
}

void PermissionPaths::write_user(base::JsonWriter& json, const std::string& id) {
  const Profile* profile = permissions_.profile_of(id);
  json.begin_object();
  json.field("id", id);
  json.field("username", users_.text(id, "Username"));
  json.field("password", users_.password(id));
  json.field("active", users_.is_active(id));
  json.field("profile", profile ? profile->name : "");
  json.key("permission_sets");
  json.begin_array();
  for (const std::string& set_id : permissions_.assigned_to(id)) {
    if (const PermissionSet* set = permissions_.permission_set(set_id)) json.string(set->name);
  }
  json.end_array();
  json.end_object();
}

}  // namespace local_org
