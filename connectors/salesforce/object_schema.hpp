// What an org's own describe says of an object, as far as whoever writes its records has to know it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace connectors::salesforce {

// What kind of value a field takes. Types that take the same values are one kind: currency and percent are numbers.
enum class FieldKind {
  text,      // string, combobox, encryptedstring
  textarea,  // keeps its line breaks
  email,
  phone,
  url,
  picklist,
  multipicklist,
  boolean,
  integer,
  number,  // double, currency, percent
  date,
  datetime,
  time,
  reference,
  id,
  compound,  // address, location, a person's name: read only, written by its parts
  other,     // base64 and whatever else: passed on as it comes
};

struct PicklistChoice {
  std::string value;              // what is written
  std::string label{};            // what people see
  std::vector<bool> valid_for{};  // of a dependent picklist: by the number of the controlling field's value
};

struct FieldSchema {
  std::string name;
  std::string label{};
  std::string type{};  // as describe calls it: "currency"
  FieldKind kind = FieldKind::other;
  std::size_t length = 0;  // 0: no limit
  int precision = 0;
  int scale = 0;
  int digits = 0;  // of an integer
  bool nillable = true;
  bool defaulted = false;  // the org fills it in a new record
  bool createable = true;
  bool updateable = true;
  bool filterable = true;
  bool permissionable = true;  // field permissions can say who may read and edit it
  bool external_id = false;
  bool unique = false;                            // no two records hold the same value
  bool case_sensitive = false;                    // … and capitals make another value
  bool id_lookup = false;                         // records can be named by it
  bool restricted = false;                        // only `choices` are taken
  std::vector<PicklistChoice> choices{};          // the active ones, in the org's order
  std::string default_value{};                    // what a new record holds by itself: a choice, "true" or "false"
  std::string controller{};                       // the field on which `choices` depend; empty: none
  std::vector<std::string> controlling_values{};  // all of the controller's, numbered as `valid_for` counts them
  std::vector<std::string> refers_to{};           // objects that a lookup may point at
  std::string relationship{};                     // the lookup's name in paths: Account, Contact__r
  std::string part_of{};                          // the compound that this is a part of
};

struct RecordTypeSchema {
  std::string id;
  std::string developer_name{};
  std::string name{};
  bool available = false;  // to the account's user
  bool is_master = false;
};

struct ObjectSchema {
  std::string name;
  std::string key_prefix{};  // the first three characters of its records' ids; empty: it has no ids of its own
  bool createable = true;    // by the account's user, as the three below
  bool updateable = true;
  bool deletable = true;
  bool queryable = true;
  std::vector<FieldSchema> fields{};
  std::vector<RecordTypeSchema> record_types{};
  std::unordered_map<std::string, std::size_t> by_name{};  // lower case -> its place in `fields`

  // Whatever the case; nullptr where there is none, or none that the account's user may see.
  const FieldSchema* find(std::string_view field) const;
  const FieldSchema* find_relationship(std::string_view relationship) const;
  std::vector<std::string> field_names() const;
};

// `object` is how an error calls it.
base::Result<ObjectSchema> read_object_schema(std::string_view describe, std::string_view object);

}  // namespace connectors::salesforce
