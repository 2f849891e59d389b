// A running server and two orgs, and brands on it whose people do everything over HTTP.
#pragma once

#include <array>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/promises/org_program.hpp"
#include "tests/promises/server_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace promises {

inline constexpr int salesforce_users = 24;  // of each org
std::string salesforce_user(int number);

struct OwnershipWorld {
  OwnershipWorld();

  OrgProgram& org(const std::string& name) { return name == "org_1" ? first : second; }

  test::TemporaryDirectory directory;
  OrgProgram first, second;
  ServerProgram server;
};

// What a login in a browser comes to.
struct LoggedIn {
  std::string account{};  // empty: it was refused, or proved something only
  std::string code{};     // of the refusal
};

// A brand with a licence, an admin, an app for either org, and one project; its people by the names that a test gives.
class Tenant {
 public:
  Tenant(OwnershipWorld& world, const std::string& name, const std::vector<std::string>& users,
         const std::vector<std::string>& groups);

  // "admin" is the brand's admin; nobody is "".
  nlohmann::json ask(int status, const std::string& who, const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr) const;
  support::HttpAnswer call(const std::string& who, const std::string& method, const std::string& path,
                           const nlohmann::json& body = nullptr) const;
  // Begun by `who`, answered at the org by the Salesforce user, completed as the command line does it.
  LoggedIn log_in(const std::string& who, nlohmann::json wish, const std::string& org,
                  const std::string& salesforce_user);

  // A user's or group's id; "brand" is itself.
  const std::string& id_of(const std::string& name) const { return ids_.at(name); }
  std::string name_of(const std::string& id) const;
  const std::string& project() const { return project_; }

 private:
  OwnershipWorld& world_;
  std::map<std::string, std::string> ids_{{"brand", "brand"}};
  std::map<std::string, std::string> tokens_{{"", ""}};
  std::string project_;
};

}  // namespace promises
