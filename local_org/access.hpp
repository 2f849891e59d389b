// What one user may do: the sum of the rights of its profile and of its permission sets.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_range.hpp"
#include "local_org/rights.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// What a profile and the permission sets assigned beside it come to.
struct Grants {
  std::vector<const Rights*> rights;  // the profile's first; they are read once and may go
  base::IpRanges login_ranges{};      // the profile's; none: from anywhere
};

class Access {
 public:
  // `schema` must outlive it.
  Access(std::string user_id, const Grants& grants, const Schema& schema);
  // For the org's own doings.
  static Access unrestricted(std::string user_id, const Schema& schema);

  const std::string& user_id() const { return user_id_; }
  const Schema& schema() const { return *schema_; }
  bool has(std::string_view permission) const { return system_.contains(permission); }
  bool may_come_from(std::string_view address) const;

  // What "View All Data" and "Modify All Data" grant is in it. An object without `read` is not there for the user.
  const ObjectRights& to(const Object& object) const { return of(object).rights; }
  // Field-level security; what describe says of the field goes for everybody and is not in it.
  const FieldRights& to(const Object& object, const Field& field) const {
    return of(object).fields[object.index_of(field)];
  }
  bool may_read(const Object& object) const { return to(object).read; }
  bool may_read(const Object& object, const Field& field) const { return to(object, field).read; }
  // The field that holds the user's id in those of the object's records that it may see; "" where it may see others'
  // too.
  std::string_view own_records_by(const Object& object) const;
  // What is there for the user; null for what is not, and for what it may not read.
  const Object* find_object(std::string_view name) const;
  const Field* find_field(const Object& object, std::string_view name) const;
  const Field* find_relationship(const Object& object, std::string_view name) const;
  const RecordTypeRights& record_types(const Object& object) const { return of(object).record_types; }

 private:
  struct ToObject {
    ObjectRights rights;
    std::vector<FieldRights> fields;  // in the object's order
    RecordTypeRights record_types;
  };

  const ToObject& of(const Object& object) const;
  ToObject sum_for(const Object& object, const std::vector<const Rights*>& all) const;
  ObjectRights object_rights_of(const Object& object, const std::vector<const Rights*>& all) const;
  FieldRights field_rights_of(const Object& object, const Field& field, const std::vector<const Rights*>& all) const;
  bool lets(std::string_view permission) const;

  std::string user_id_;
  std::set<std::string, std::less<>> system_;
  base::IpRanges login_ranges_;
  const Schema* schema_;
  std::vector<ToObject> objects_;  // in the schema's order
};

// Whether object permissions and field-level security govern it. Objects of the setup, users, feeds are open to all, or
// to who has a system permission.
bool is_governed_by_object_permissions(std::string_view object);

}  // namespace local_org
