// A local org in memory whose administrator gives and takes rights.
#pragma once

#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/local_org/site_fixture.hpp"

namespace test {

// What an administrator does below /_local, and what comes of it for a user.
class Administered : public OrgSite {
 public:
  using OrgSite::OrgSite;

  nlohmann::json put(std::string_view path, const nlohmann::json& body) {
    const base::http::Response answer = ask("PUT", "/_local/" + std::string(path), body.dump());
    INFO(answer.body);
    CHECK(answer.status == 200);
    return nlohmann::json::parse(answer.body);
  }
  std::string refusal(std::string_view path, const nlohmann::json& body) {
    const base::http::Response answer = ask("PUT", "/_local/" + std::string(path), body.dump());
    CHECK(answer.status == 400);
    return nlohmann::json::parse(answer.body).at("message");
  }
  nlohmann::json get(std::string_view path) {
    return nlohmann::json::parse(ask("GET", "/_local/" + std::string(path)).body);
  }
  const local_org::Access& give(const nlohmann::json& user) {
    const base::http::Response answer = ask("POST", "/_local/users", user.dump());
    INFO(answer.body);
    CHECK(answer.status == 200);
    return access(nlohmann::json::parse(answer.body).at("id"));
  }
  const local_org::Access& access(const std::string& user_id) { return site.permissions().access_of(user_id); }
  const local_org::Access& first_user() { return access(site.sessions().credentials().user_id); }
  const local_org::Object& object(std::string_view name) { return *site.org().schema().find(name); }
  local_org::FieldRights field(const local_org::Access& user, std::string_view object_name,
                               std::string_view field_name) {
    return user.to(object(object_name), *object(object_name).find(field_name));
  }

  // Of the first user, whose profile grants everything at first. "View All Data" and "Modify All Data" go anyway: they
  // reach every object.
  void withdraw(nlohmann::json rights) {
    rights["name"] = local_org::first_profile_name;
    rights["system"]["PermissionsViewAllData"] = false;
    rights["system"]["PermissionsModifyAllData"] = false;
    put("profiles", rights);
  }
};

}  // namespace test
