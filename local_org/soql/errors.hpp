// A query's fault at its place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "local_org/api_error.hpp"

namespace local_org::soql {

// Salesforce puts the query, a caret under the place, and row and column in front of the message.
ApiError query_error(std::string code, std::string_view query, std::size_t offset, std::string_view message);

}  // namespace local_org::soql
