// An object of a package as describe tells it, and its record types.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "local_org/metadata_file.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// A custom object with the fields that every object has, or a standard one as it is. `beside`: the package's others.
// Faults are noted in the file's findings.
std::optional<nlohmann::ordered_json> read_packaged_object(MetadataFile& file, const std::string& name,
                                                           const Schema& schema,
                                                           const std::map<std::string, nlohmann::ordered_json>& beside);

// Adds it to the object, or changes the one of that name. With its first record type an object gets the field for it.
void add_packaged_record_type(MetadataFile& file, nlohmann::ordered_json& object, const Schema& schema);

}  // namespace local_org
