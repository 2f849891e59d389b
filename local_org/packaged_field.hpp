// A field of a package as describe tells it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "local_org/metadata_file.hpp"

namespace local_org {

// Lists of picklist values by the name under which fields share them.
using GlobalValueSets = std::map<std::string, std::vector<base::XmlElement>, std::less<>>;

// What a lookup makes the parent tell of its children.
struct PackagedLookup {
  std::string parent;
  std::string relationship{};
  bool cascades = false;
  bool restricts = false;
};

struct PackagedField {
  std::vector<nlohmann::ordered_json> describes;  // one, or a geolocation with its parts; none when it is unfit
  std::vector<PackagedLookup> lookups{};
  // Of a dependent picklist the controller's values are not known yet.
  std::vector<base::XmlElement> value_settings{};
};

// Faults are noted in the file's findings.
PackagedField read_packaged_field(MetadataFile& file, const GlobalValueSets& value_sets);

// Describe's `validFor` of every value of the picklist `field`, by what the settings say and the controller's values.
// Notes values that are none.
void set_valid_for(nlohmann::ordered_json& field, const nlohmann::ordered_json& controller,
                   const std::vector<base::XmlElement>& settings, MetadataFile& file);

// A describe entry of a field with everything that is said of none in particular.
nlohmann::ordered_json plain_field_describe();

}  // namespace local_org
