// The planned records of one object by what they hold in a field, so that a look-up by a key does not go through all of
// them. No I/O.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/salesforce/object_schema.hpp"
#include "tasks/planned_value.hpp"

namespace tasks {

class PlannedIndex {
 public:
  explicit PlannedIndex(connectors::salesforce::FieldSchema field) : field_(std::move(field)) {}

  // Whether it was made for a field that compares as this one does.
  bool fits(const connectors::salesforce::FieldSchema& field) const;
  // What a record holds from now on.
  void put(const std::string& id, const base::Value& value);
  // Every record that a search for the value finds, and perhaps one that it does not.
  const std::vector<std::string>& ids(const base::Value& sought) const;

 private:
  connectors::salesforce::FieldSchema field_;
  std::unordered_map<std::string, std::vector<std::string>> ids_by_key_{};
  std::unordered_map<std::string, std::string> key_of_{};
};

}  // namespace tasks
