// The objects of an org as tasks are held against them: from a snapshot's files, or as the org has just described them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/org_snapshot.hpp"

namespace tasks {

using SharedObject = std::shared_ptr<const connectors::salesforce::ObjectSchema>;

// A snapshot's object is read when it is first asked for.
class OrgSchema {
 public:
  OrgSchema() = default;
  explicit OrgSchema(connectors::salesforce::OrgSnapshot snapshot) : snapshot_(std::move(snapshot)) {}

  void add(SharedObject object);
  // Whatever the case; null where there is no such object.
  SharedObject find(std::string_view object) const;
  std::vector<std::string> object_names() const;
  // The object whose records' ids begin so; "" where the schema has none.
  std::string object_of_id(std::string_view id) const;

 private:
  connectors::salesforce::OrgSnapshot snapshot_{};
  mutable std::map<std::string, SharedObject> read_{};
};

}  // namespace tasks
