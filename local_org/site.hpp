// Everything the org answers, on one thread: its API, its tokens, and the paths that only tests use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http/server.hpp"
#include "base/random.hpp"
#include "local_org/call_log.hpp"
#include "local_org/faults.hpp"
#include "local_org/local_paths.hpp"
#include "local_org/metadata_api.hpp"
#include "local_org/oauth.hpp"
#include "local_org/org.hpp"
#include "local_org/permissions.hpp"
#include "local_org/rest.hpp"
#include "local_org/sessions.hpp"
#include "local_org/setup_tables.hpp"

namespace local_org {

enum class Environment { production, sandbox };

struct SiteOptions {
  std::string path = ":memory:";  // or a file, which is made when it is missing
  Environment environment = Environment::production;
  Credentials fixed{};  // what is not empty holds; the rest is invented once and then remembered
  bool rotates_refresh_tokens = false;
  std::string policies = "{}";  // JSON as /_local/policies takes it
};

class Site {
 public:
  // Throws std::invalid_argument or base::sql::DatabaseError when the file is not this org's.
  Site(const SiteOptions& options, Schema schema, const base::Clock& clock, base::Random& random);

  base::http::Response answer(const base::http::ServerRequest& request);

  Org& org() { return org_; }
  Users& users() { return users_; }
  Permissions& permissions() { return permissions_; }
  // Of who asks the org directly: everything.
  const Access& own_access() const { return own_access_; }
  Sessions& sessions() { return sessions_; }
  const CallLog& calls() const { return calls_; }
  // As LocalOrg::start_over().
  void start_over();

 private:
  base::http::Response answer_and_log(const base::http::ServerRequest& request);
  base::http::Response route(const base::http::ServerRequest& request, Call& call);
  void plant_organization(Environment environment);
  void plant_user();

  const base::Clock& clock_;
  Org org_;
  Sessions sessions_;
  Users users_;
  Permissions permissions_;
  Access own_access_;
  AppPolicies policies_;
  OAuth oauth_;
  SetupTables setup_;
  SessionDoor door_;
  Rest rest_;
  MetadataApi metadata_api_;
  CallLog calls_;
  Faults faults_;
  LocalPaths local_paths_;
};

}  // namespace local_org
