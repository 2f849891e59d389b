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
inline constexpr base::ErrorCode mapping_value_too_precise{"mapping_value_too_precise", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_out_of_range{"mapping_value_out_of_range", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_a_time{"mapping_value_not_a_time", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_in_picklist{"mapping_value_not_in_picklist", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_an_email{"mapping_value_not_an_email", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_value_not_an_id{"mapping_value_not_an_id", base::Kind::permanent};
// Several values for a field that takes one.
inline constexpr base::ErrorCode mapping_value_several{"mapping_value_several", base::Kind::permanent};
// A character that the org does not keep.
inline constexpr base::ErrorCode mapping_value_unwritable{"mapping_value_unwritable", base::Kind::permanent};
// The org lacks the object or the field, or the account's user may not see it.
inline constexpr base::ErrorCode mapping_object_unknown{"mapping_object_unknown", base::Kind::permanent};
inline constexpr base::ErrorCode mapping_field_unknown{"mapping_field_unknown", base::Kind::permanent};
// The field is there and cannot be written, or not by this task.
inline constexpr base::ErrorCode mapping_field_read_only{"mapping_field_read_only", base::Kind::permanent};
// What the mapping fitted once, the org has no more. The run waits for it.
inline constexpr base::ErrorCode org_schema_changed{"org_schema_changed", base::Kind::blocked};
// The object has no such record type, or the account's user may not give it.
inline constexpr base::ErrorCode mapping_record_type_unknown{"mapping_record_type_unknown", base::Kind::permanent};
// What the record holds and what is to be set against it are neither numbers nor dates.
inline constexpr base::ErrorCode mapping_values_not_comparable{"mapping_values_not_comparable", base::Kind::permanent};
inline constexpr base::ErrorCode find_none{"find_none", base::Kind::permanent};
inline constexpr base::ErrorCode find_many{"find_many", base::Kind::permanent};
// A stored answer or question that is not in the shape this version writes.
inline constexpr base::ErrorCode task_state_unreadable{"task_state_unreadable", base::Kind::permanent};

// Codes of notes on a run.
inline constexpr std::string_view text_cut = "text_cut";
inline constexpr std::string_view duplicates_allowed = "duplicates_allowed";

// Codes of findings in a task's `with`.
inline constexpr std::string_view mapping_options_conflict = "mapping_options_conflict";
inline constexpr std::string_view api_name_invalid = "api_name_invalid";
inline constexpr std::string_view record_not_named_once = "record_not_named_once";
inline constexpr std::string_view key_not_single = "key_not_single";
inline constexpr std::string_view key_also_a_field = "key_also_a_field";

// Codes of findings against an org's schema, besides those above.
inline constexpr std::string_view object_not_writable = "object_not_writable";
inline constexpr std::string_view required_field_unmapped = "required_field_unmapped";
inline constexpr std::string_view required_field_may_be_blank = "required_field_may_be_blank";
inline constexpr std::string_view key_not_external_id = "key_not_external_id";
inline constexpr std::string_view key_field_too_short = "key_field_too_short";
inline constexpr std::string_view field_not_filterable = "field_not_filterable";
// A lookup that may lead to several objects, and does not lead to the one that is named, or none is.
inline constexpr std::string_view parent_object_unclear = "parent_object_unclear";
// The id of a record of another object than the field leads to, or the task writes.
inline constexpr std::string_view id_of_another_object = "id_of_another_object";
// A search, or an upsert's key, by which the org may find several records.
inline constexpr std::string_view match_not_unique = "match_not_unique";
// Nothing keeps an insert from being made twice.
inline constexpr std::string_view insert_without_key = "insert_without_key";
// The question has no such choice.
inline constexpr std::string_view choice_unknown = "choice_unknown";
// What somebody types may be longer than the field.
inline constexpr std::string_view answer_may_be_too_long = "answer_may_be_too_long";
// A path leads to an object that the snapshot does not hold.
inline constexpr std::string_view org_object_not_saved = "org_object_not_saved";

}  // namespace tasks
