// Record types: which of them a user may give to a record, and which one it gets without being asked.
#include "local_org/record_types.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "local_org/api_error.hpp"
#include "local_org/record_id.hpp"

namespace local_org {

bool is_available(const RecordType& type, const Object& object, const Access& user) {
  return type.is_active && user.record_types(object).grants(type.developer_name);
}

const RecordType* default_record_type(const Object& object, const Access& user) {
  const auto found = std::find_if(object.record_types.begin(), object.record_types.end(), [&](const RecordType& type) {
    return type.developer_name == user.record_types(object).standard;
  });
  return found != object.record_types.end() && is_available(*found, object, user) ? &*found : nullptr;
}

void check_record_type(const Object& object, const Field& field, base::sql::Value& id, const Access& user) {
  if (std::holds_alternative<base::sql::Null>(id)) return;
  const std::string given = std::get<std::string>(id);
  const std::optional<std::string> whole = to_record_id(given);
  if (!whole) {
    throw record_error("MALFORMED_ID", fmt::format("{}: id value of incorrect type: {}", field.label, given),
                       {field.name});
  }
  if (*whole == master_record_type_id) {
    id = base::sql::Null{};
    return;
  }
  const bool is_one = std::any_of(object.record_types.begin(), object.record_types.end(), [&](const RecordType& type) {
    return type.id == *whole && is_available(type, object, user);
  });
  if (!is_one) {
    throw record_error("INVALID_CROSS_REFERENCE_KEY",
                       fmt::format("{}: this ID value isn't valid for the user: {}", field.label, *whole),
                       {field.name});
  }
  id = *whole;
}

void plant_record_types(Org& org, const std::string& author, base::TimePoint now) {
  const Object* types = org.schema().find("RecordType");
  if (!types) return;
  const std::int64_t at = base::to_millis(std::chrono::floor<std::chrono::seconds>(now));
  for (const Object& object : org.schema().objects()) {
    for (const RecordType& type : object.record_types) {
      if (std::optional<Record> known = org.store().find(*types, type.id)) {
        (*known)[types->index_of(*types->find("Name"))] = type.name;
        (*known)[types->index_of(*types->find("DeveloperName"))] = type.developer_name;
        (*known)[types->index_of(*types->find("IsActive"))] = std::int64_t{type.is_active};
        org.store().update(*types, *known);
        continue;
      }
      org.plant(*types, type.id,
                {{"Name", type.name},
                 {"DeveloperName", type.developer_name},
                 {"SobjectType", object.name},
                 {"IsActive", std::int64_t{type.is_active}},
                 {"CreatedDate", at},
                 {"CreatedById", author},
                 {"LastModifiedDate", at},
                 {"LastModifiedById", author},
                 {"SystemModstamp", at}});
    }
  }
}

}  // namespace local_org
