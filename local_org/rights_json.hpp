// Rights as the JSON documents at /_local/profiles and /_local/permission_sets show and change them.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json_writer.hpp"
#include "local_org/rights.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// Members "system", "objects", "fields" and "record_types" of the object that is open.
void write_rights(base::JsonWriter& json, const Rights& rights);

// What this org has written itself. Names of objects that it has no more are kept.
Rights read_rights(const nlohmann::json& json);

// Changes what `wanted` names: {"objects": {"Account": {"edit": false}}} withdraws one right and what depends on it;
// null takes an entry away, so that the more general one counts again. Returns every fault; with one, `rights` is as it
// was.
std::vector<std::string> change_rights(Rights& rights, const nlohmann::json& wanted, const Schema& schema);

}  // namespace local_org
