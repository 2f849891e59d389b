// A query's WHERE in SQL, with the values it compares with.
#pragma once

#include <string>
#include <vector>

#include "base/sql/database.hpp"
#include "local_org/access.hpp"
#include "local_org/soql/query.hpp"
#include "local_org/soql/sources.hpp"

namespace local_org::soql {

// What all parts of one statement share.
struct Statement {
  const Access& access;  // of who asks
  bool deleted_too = false;
  std::vector<base::sql::Value> parameters{};
  std::vector<const Object*> objects_of_sub_selects{};

  std::string parameter(base::sql::Value value);
};

// The whole of what stands behind WHERE in SQL: deleted records are left out unless they are wanted too. Throws
// INVALID_FIELD, MALFORMED_QUERY and the like.
std::string where_text(const Query& query, Sources& sources, Statement& statement);

}  // namespace local_org::soql
