// Where another org takes other values than the local org does: why a mapping test that passes here may fail there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace app {

// One sentence a difference in what the need names, e.g. `Survey_Response__c.Segment__c: restricted picklist takes A,
// C; local org takes A, B`. Fields that are required there and filled by no mapping count as well.
std::vector<std::string> org_contrast(const connectors::salesforce::ObjectNeed& need,
                                      const connectors::salesforce::ObjectSchema& org,
                                      const connectors::salesforce::ObjectSchema& local);

// The describe text by which the local org knows an object; "" where it has none.
std::string_view local_describe_of(std::string_view object);

}  // namespace app
