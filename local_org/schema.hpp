// The org's objects and fields, as its describe files tell them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace local_org {

enum class FieldType {
  id,
  reference,
  string,
  textarea,
  email,
  phone,
  url,
  picklist,
  multipicklist,
  boolean,
  integer,
  number,
  date,
  datetime,
  time,
  address,
  location
};

struct Field {
  std::string name;
  std::string label;
  std::string type_name;  // as in describe, e.g. "currency"
  FieldType type = FieldType::string;
  std::size_t length = 0;
  int precision = 0;
  int scale = 0;
  int digits = 0;
  bool nillable = true;
  bool createable = false;
  bool updateable = false;
  bool defaulted = false;
  bool unique = false;
  bool case_sensitive = false;
  bool external_id = false;
  bool id_lookup = false;
  bool auto_number = false;
  bool filterable = true;
  bool sortable = true;
  bool restricted = false;
  bool permissionable = true;    // field-level security may take it from a user
  bool default_checked = false;  // of a boolean
  std::string default_choice{};  // of a picklist
  std::vector<std::string> choices{};
  std::vector<std::string> references{};  // objects a lookup may point at
  std::string relationship{};             // name under which queries and nested records reach the parent
  std::string compound{};                 // the compound field this one is a part of

  bool is_text() const;
  bool is_lookup() const { return type == FieldType::reference; }
  // A compound address or geolocation has no column of its own: it is made of its parts.
  bool stored() const { return type != FieldType::address && type != FieldType::location; }
  bool required() const { return createable && !nillable && !defaulted; }
};

struct ChildRelationship {
  std::string object;
  std::string field;
  bool cascade_delete = false;
};

// Beside the master type, which every object has.
struct RecordType {
  std::string id;
  std::string developer_name;
  std::string name;
  bool is_active = true;
};

struct Object {
  std::string name;
  std::string label;
  std::string key_prefix;  // "" where ids have none of their own
  bool createable = true;
  bool updateable = true;
  bool deletable = true;
  bool soft_deletes = false;  // has IsDeleted
  std::vector<Field> fields;  // in describe order
  std::vector<ChildRelationship> children;
  std::vector<RecordType> record_types{};
  std::string describe;  // the whole file, compact; "{version}" stands for the API version
  std::string summary;   // the same without fields and lists: an entry of describe global

  // Names of fields and relationships are found whatever their case. Null when there is none.
  const Field* find(std::string_view field_name) const;
  const Field* find_relationship(std::string_view relationship_name) const;
  std::size_t index_of(const Field& field) const { return static_cast<std::size_t>(&field - fields.data()); }
  // The compound field's parts, in describe order.
  std::vector<const Field*> parts_of(std::string_view compound) const;
};

class Schema {
 public:
  // Adds the object that a describe document tells of, or replaces the one of that name. Throws std::invalid_argument
  // when it is no such document.
  void add(std::string_view describe_text);

  const std::vector<Object>& objects() const { return objects_; }
  const Object* find(std::string_view name) const;          // whatever the case
  const Object* find_by_prefix(std::string_view id) const;  // by the id's first three characters

 private:
  std::vector<Object> objects_;
};

// Whether describe's `type` is one that the local org has.
bool is_field_type(std::string_view name);

// The objects every local org has: those of embedded_files().
Schema standard_schema();

// ASCII only, as API names are.
bool same_name(std::string_view a, std::string_view b);

}  // namespace local_org
