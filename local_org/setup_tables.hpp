// Objects of Salesforce's setup whose records follow from what the org is: its app, its tokens and sessions, and who
// may do what. They are tables like others, filled anew whenever somebody is about to read them.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "local_org/app_policies.hpp"
#include "local_org/org.hpp"
#include "local_org/permissions.hpp"
#include "local_org/sessions.hpp"

namespace local_org {

// What the records are made of.
struct SetupFacts {
  const Schema& schema;
  const Sessions& sessions;
  const AppPolicies& policies;
  Permissions& permissions;
  const Session& asker;  // some objects hold what concerns the asker alone
  base::TimePoint now;
  base::sql::Value made_at;  // when the org was
};

inline base::sql::Value flag(bool yes) { return std::int64_t{yes}; }

// When and by whom a record of the org's own was made and last changed.
inline std::vector<std::pair<std::string_view, base::sql::Value>> stamps(const SetupFacts& facts) {
  const std::string& admin = facts.sessions.credentials().user_id;
  return {{"CreatedDate", facts.made_at},
          {"CreatedById", admin},
          {"LastModifiedDate", facts.made_at},
          {"LastModifiedById", admin},
          {"SystemModstamp", facts.made_at}};
}

struct SetupRecord {
  std::string key;  // what tells it apart from others of its object; its id follows from it
  std::vector<std::pair<std::string_view, base::sql::Value>> values{};
  std::string id{};  // where it is known already
};

class SetupTables {
 public:
  SetupTables(Org& org, const Sessions& sessions, const AppPolicies& policies, Permissions& permissions,
              const base::Clock& clock)
      : org_(org), sessions_(sessions), policies_(policies), permissions_(permissions), clock_(clock) {}

  // Fills those of the objects that are of this kind. Not to be called within a transaction.
  void refresh(std::span<const Object* const> objects, const Session& asker);

 private:
  Org& org_;
  const Sessions& sessions_;
  const AppPolicies& policies_;
  Permissions& permissions_;
  const base::Clock& clock_;
};

// The id of the record with that key; the same for as long as there is one.
std::string setup_record_id(const Object& object, std::string_view key);

}  // namespace local_org
