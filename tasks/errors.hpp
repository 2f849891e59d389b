// What a task can find wrong while it turns a response into a record. Nearly all are final: another try would end the
// same way.
#pragma once

#include <string_view>
#include "base/error.hpp"

namespace tasks {

inline constexpr base::ErrorCode mapping_value_missing{"mapping_value_missing", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_a_number{"mapping_value_not_a_number", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_a_date{"mapping_value_not_a_date", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_a_boolean{"mapping_value_not_a_boolean", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_in_map{"mapping_value_not_in_map", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_too_long{"mapping_value_too_long", base::Kind::permanent};
inline constexpr base::ErrorCode find_none{"find_none", base::Kind::permanent};
inline constexpr base::ErrorCode find_many{"find_many", base::Kind::permanent};
// A stored answer or question that is not in the shape this version writes.
inline constexpr base::ErrorCode task_state_unreadable{"task_state_unreadable", base::Kind::permanent};
// The org answered its describe call with something else.
inline constexpr base::ErrorCode org_describe_unreadable{"org_describe_unreadable", base::Kind::transient};

// Codes of findings in a task's `with`.
inline constexpr std::string_view mapping_options_conflict = "mapping_options_conflict";
inline constexpr std::string_view api_name_invalid = "api_name_invalid";
inline constexpr std::string_view record_not_named_once = "record_not_named_once";
inline constexpr std::string_view key_not_single = "key_not_single";
inline constexpr std::string_view key_also_a_field = "key_also_a_field";

}  // namespace tasks
