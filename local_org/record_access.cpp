// Refusals of who lacks the right to write a record or a field, in Salesforce's words. All of them throw ApiError.
#include "local_org/record_access.hpp"

#include <string>

#include <fmt/format.h>

#include "local_org/api_error.hpp"

namespace local_org {
namespace {

ApiError verb_not_supported(std::string_view verb, const Object& object) {
  return record_error("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                      fmt::format("entity type cannot be {}: {}", verb, object.name));
}

ApiError insufficient_access() {
  return {403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id",
          std::vector<std::string>{}};
}

}  // namespace

// Without the right to create, an object looks like one that nobody can create.
void check_may_create(const Object& object, const Access& access) {
  if (!object.createable || !access.to(object).create) throw verb_not_supported("inserted", object);
}

void check_may_edit(const Object& object, const Access& access) {
  if (!object.updateable) throw verb_not_supported("updated", object);
  if (!access.to(object).edit) throw insufficient_access();
}

void check_may_delete(const Object& object, const Access& access) {
  if (!object.deletable || !object.soft_deletes) throw verb_not_supported("deleted", object);
  if (!access.to(object).remove) throw insufficient_access();
}

void check_writable(const Object& object, const std::vector<Change>& changes, bool creates, const Access& access) {
  std::vector<std::string> refused;
  for (const auto& [field, value] : changes) {
    const bool open = creates ? field->createable : field->updateable;
    if (!open || !access.to(object, *field).edit) refused.push_back(field->name);
  }
  if (refused.empty()) return;
  throw record_error(
      "INVALID_FIELD_FOR_INSERT_UPDATE",
      fmt::format("Unable to create/update fields: {}. Please check the security settings of this field and "
                  "verify that it is read/write for your profile or permission set.",
                  fmt::join(refused, ", ")),
      refused);
}

void check_may_point_at(const Object& target, std::string_view id, const Access& access) {
  if (access.may_read(target)) return;
  throw record_error("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
                     fmt::format("insufficient access rights on cross-reference id: {}", id.substr(0, 15)));
}

}  // namespace local_org
