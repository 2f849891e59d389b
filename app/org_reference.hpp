// `${org://crm/Contact/0/Id}`: in a mapping test, a member of a record that was there before the run.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"

namespace app {

struct OrgReference {
  std::string text;  // as written, with ${ and }
  std::string alias{};
  std::string object{};
  std::size_t index = 0;
  std::string member{};  // empty: it could not be read
};

// All that stand in the strings of a JSON value.
std::vector<OrgReference> references_in(const base::JsonText& json);

using RecordKey = std::tuple<std::string, std::string, std::size_t>;  // alias, object, index

// Records as JSON objects, by where they stand.
using SeededRecords = std::map<RecordKey, base::JsonText>;

// The value with every reference replaced: by the member's value where a string is nothing else, by its text inside
// one. Precondition: the records and members that are referred to are there.
base::JsonText with_references(const base::JsonText& json, const SeededRecords& records);

}  // namespace app
