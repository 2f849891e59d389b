// What an administrator decides about users, below /_local: profiles, permission sets, and who has which.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/http/server.hpp"
#include "base/json_writer.hpp"
#include "local_org/permissions.hpp"
#include "local_org/users.hpp"

namespace local_org {

class PermissionPaths {
 public:
  PermissionPaths(Users& users, Permissions& permissions) : users_(users), permissions_(permissions) {}

  // GET shows all, PUT makes or changes the one that it names.
  base::http::Response profiles(const base::http::ServerRequest& request);
  base::http::Response permission_sets(const base::http::ServerRequest& request);
  // GET shows all, POST makes or changes one.
  base::http::Response users(const base::http::ServerRequest& request);

 private:
  // Returns every fault, and changes nothing then.
  std::vector<std::string> put_user(const nlohmann::json& wanted);
  void write_user(base::JsonWriter& json, const std::string& id);

  Users& users_;
  Permissions& permissions_;
};

}  // namespace local_org
