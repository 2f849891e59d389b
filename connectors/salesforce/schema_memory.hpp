// What an org said of its objects when mappings last fitted them: kept over restarts, so that a change of the org is
// told from a mistake in a mapping.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "connectors/salesforce/object_schema.hpp"

namespace connectors::salesforce {

struct RememberedObject {
  std::string account;      // id
  std::string object;       // API name in small letters
  std::string description;  // kept_description() of its describe
};

class SchemaMemory {
 public:
  explicit SchemaMemory(base::sql::Database& database) : database_(database) {}

  // Null where the object was never remembered. Whatever the case of its name.
  base::awaitable<std::shared_ptr<const ObjectSchema>> find(std::string account, std::string object);
  // In the place of what was remembered; `describe` is the org's answer.
  base::awaitable<void> keep(std::string account, std::string object, std::string describe);
  base::awaitable<void> forget(std::string account);
  base::awaitable<std::vector<RememberedObject>> all();

 private:
  base::sql::Database& database_;
};

}  // namespace connectors::salesforce
