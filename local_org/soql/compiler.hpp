// Turns a SOQL query into one SQL statement and the shape of its rows.
#pragma once

#include <string>
#include <vector>

#include "base/sql/database.hpp"
#include "local_org/access.hpp"
#include "local_org/soql/query.hpp"
#include "local_org/soql/row_shape.hpp"

namespace local_org::soql {

struct CompiledQuery {
  std::string sql;
  std::vector<base::sql::Value> parameters;
  RowShape shape;
  bool counts = false;                 // the statement gives one row with one number
  std::vector<const Object*> objects;  // all that it reads, some of them perhaps more than once
};

// Throws INVALID_TYPE, INVALID_FIELD and the like for names and values that do not fit what
// is there for who asks.
CompiledQuery compile(const Query& query, const Access& access, bool deleted_too);

}  // namespace local_org::soql
