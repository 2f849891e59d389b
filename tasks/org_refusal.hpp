// What an org would refuse of a write, as far as its own description tells; in its own words and codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "tasks/planned_value.hpp"
#include "tasks/response_mapping.hpp"

namespace tasks {

// The error that such an answer of Salesforce would have become.
base::Error org_refusal(int status, std::string_view code, std::string_view message,
                        const std::vector<std::string>& fields = {});

// Rights, fields that cannot be written so, and required fields without a value.
std::optional<base::Error> refusal_of_write(const connectors::salesforce::ObjectSchema& schema,
                                            const NamedValues& written, Writing writing);
// Whether the account's user may delete records of the object.
std::optional<base::Error> refusal_of_removal(const connectors::salesforce::ObjectSchema& schema);

}  // namespace tasks
