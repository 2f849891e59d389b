// Record types: which of them a user may give to a record, and which one it gets without being asked.
#pragma once

#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "local_org/access.hpp"
#include "local_org/org.hpp"
#include "local_org/schema.hpp"

namespace local_org {

inline constexpr std::string_view record_type_field = "RecordTypeId";
// Of the master type, which every object has. Records of it have no record type.
inline constexpr std::string_view master_record_type_id = "012000000000000AAA";

bool is_available(const RecordType& type, const Object& object, const Access& user);
// What a record gets that names none; null: the master type.
const RecordType* default_record_type(const Object& object, const Access& user);
// Throws INVALID_CROSS_REFERENCE_KEY when the user may not give that type to the object's records. The value becomes
// what is stored.
void check_record_type(const Object& object, const Field& field, base::sql::Value& id, const Access& user);

// Makes the records that queries of RecordType find: one for each type of the schema, as it says now.
void plant_record_types(Org& org, const std::string& author, base::TimePoint now);

}  // namespace local_org
