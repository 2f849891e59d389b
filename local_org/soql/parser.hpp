// Reads SOQL's grammar.
#pragma once

#include <string_view>

#include "local_org/soql/query.hpp"

namespace local_org::soql {

// Throws MALFORMED_QUERY at the place of the first fault.
Query parse(std::string_view text);

}  // namespace local_org::soql
