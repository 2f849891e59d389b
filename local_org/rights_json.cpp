// Rights as the JSON documents at /_local/profiles and /_local/permission_sets show and change them.
#include "local_org/rights_json.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/findings.hpp"

namespace local_org {
namespace {

class RightsChange {
 public:
  RightsChange(Rights rights, const Schema& schema) : rights_(std::move(rights)), schema_(schema) {}

  void apply(const nlohmann::json& wanted) {
    each(wanted, "system", [&](const std::string& name, const nlohmann::json& value) { change_system(name, value); });
    each(wanted, "objects", [&](const std::string& name, const nlohmann::json& value) { change_object(name, value); });
    each(wanted, "fields", [&](const std::string& name, const nlohmann::json& value) { change_field(name, value); });
    each(wanted, "record_types",
         [&](const std::string& name, const nlohmann::json& value) { change_types(name, value); });
  }

  std::vector<std::string> take_faults() { return std::move(faults_); }
  Rights take() { return std::move(rights_); }

 private:
  template <class Change>
  void each(const nlohmann::json& wanted, const char* member, Change change) {
    const auto found = wanted.find(member);
    if (found == wanted.end()) return;
    place_ = fmt::format("/{}", member);
    if (!found->is_object()) return fault("is a JSON object");
    for (const auto& [name, value] : found->items()) {
      place_ = fmt::format("/{}{}", member, base::pointer_token(name));
      change(name, value);
    }
  }

  void change_system(const std::string& name, const nlohmann::json& value) {
    const auto known = std::find(system_permissions.begin(), system_permissions.end(), name);
    if (known == system_permissions.end()) {
      return unknown("system permission", name, {system_permissions.begin(), system_permissions.end()});
    }
    if (!value.is_boolean()) return fault("is true or false");
    if (value.get<bool>()) {
      rights_.system.insert(name);
    } else {
      rights_.system.erase(name);
    }
  }

  void change_object(const std::string& given, const nlohmann::json& value) {
    const std::optional<std::string> name = object_name(given);
    if (!name) return;
    if (value.is_null()) {
      rights_.objects.erase(*name);
      return;
    }
    ObjectRights rights = rights_.object(*name);
    if (!value.is_object()) return fault("is an object of rights, or null");
    for (const auto& [right, granted] : value.items()) grant(rights, value, right, granted);
    rights_.objects[*name] = rights;
  }

  // As Salesforce's Setup does: a right brings along what it needs, and takes along what needs it.
  void grant(ObjectRights& rights, const nlohmann::json& wanted, const std::string& name,
             const nlohmann::json& granted) {
    const std::vector<ObjectRight>& all = object_rights();
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const ObjectRight& right) { return right.name == name; });
    if (known == all.end()) {
      std::vector<std::string> names;
      for (const ObjectRight& right : all) names.emplace_back(right.name);
      return unknown("right", name, names);
    }
    if (!granted.is_boolean()) return fault(fmt::format("'{}' is true or false", name));
    rights.*(known->member) = granted.get<bool>();
    for (const ObjectRight& other : all) {
      const bool needed = granted.get<bool>() && contains(known->needs, other.member);
      const bool dependent = !granted.get<bool>() && contains(other.needs, known->member);
      if (!needed && !dependent) continue;
      const bool contradicts = wanted.contains(other.name) && wanted.at(std::string(other.name)) == !needed;
      if (contradicts && dependent) continue;  // told where the other one is granted
      if (contradicts) return fault(fmt::format("'{}' needs '{}'", name, other.name));
      rights.*(other.member) = needed;
    }
  }

  void change_field(const std::string& given, const nlohmann::json& value) {
    const std::optional<std::string> name = field_name(given);
    if (!name) return;
    if (value.is_null()) {
      rights_.fields.erase(*name);
      return;
    }
    const std::size_t dot = std::min(name->find('.'), name->size());
    FieldRights rights =
        dot == name->size() ? rights_.field("*", "*") : rights_.field(name->substr(0, dot), name->substr(dot + 1));
    if (!value.is_object()) return fault("is an object of rights, or null");
    for (const auto& [right, granted] : value.items()) {
      if (right != "read" && right != "edit") {
        unknown("right", right, {"read", "edit"});
      } else if (!granted.is_boolean()) {
        fault(fmt::format("'{}' is true or false", right));
      } else {
        (right == "read" ? rights.read : rights.edit) = granted.get<bool>();
      }
    }
    if (value.value("edit", nlohmann::json()) == true && value.value("read", nlohmann::json()) == false)
      fault("'edit' needs 'read'");
    if (value.value("edit", nlohmann::json()) == true) rights.read = true;
    if (!rights.read) rights.edit = false;
    rights_.fields[*name] = rights;
  }

  void change_types(const std::string& given, const nlohmann::json& value) {
    const std::optional<std::string> name = object_name(given);
    if (!name) return;
    if (value.is_null()) {
      rights_.record_types.erase(*name);
      return;
    }
    RecordTypeRights rights = rights_.record_types_of(*name);
    if (!value.is_object()) return fault("is an object with 'available' and 'default', or null");
    for (const auto& [member, wanted] : value.items()) {
      const bool names_all =
          wanted.is_array() &&
          std::all_of(wanted.begin(), wanted.end(), [](const nlohmann::json& type) { return type.is_string(); });
      if (member == "available" && names_all) {
        rights.available = wanted.get<std::vector<std::string>>();
      } else if (member == "default" && wanted.is_string()) {
        rights.standard = wanted.get<std::string>();
      } else {
        fault("'available' is a list of developer names, 'default' one of them; nothing else is known");
      }
    }
    check_types(*name, rights);
    rights_.record_types[*name] = std::move(rights);
  }

  // Of all objects at once only "*" and the master type can be said.
  void check_types(const std::string& object_name, const RecordTypeRights& rights) {
    const Object* object = schema_.find(object_name);
    std::vector<std::string> known{"Master"};
    for (std::size_t i = 0; object && i < object->record_types.size(); ++i)
      known.push_back(object->record_types[i].developer_name);
    const auto is_known = [&](const std::string& type) {
      return std::find(known.begin(), known.end(), type) != known.end();
    };
    const std::string kind = fmt::format("record type of {}", object ? object_name : "all objects");
    for (const std::string& type : rights.available) {
      if (type != "*" && !is_known(type)) unknown(kind, type, known);
    }
    if (!is_known(rights.standard)) {
      unknown(kind, rights.standard, known);
    } else if (rights.standard != "Master" && !rights.grants(rights.standard)) {
      fault("'default' is one of the available");
    }
  }

  std::optional<std::string> object_name(const std::string& given) {
    if (given == "*") return given;
    if (const Object* object = schema_.find(given)) return object->name;
    std::vector<std::string> names;
    for (const Object& object : schema_.objects()) names.push_back(object.name);
    unknown("object", given, names);
    return std::nullopt;
  }

  std::optional<std::string> field_name(const std::string& given) {
    if (given == "*") return given;
    const std::size_t dot = given.find('.');
    if (dot == std::string::npos) {
      fault("a field is named with its object, as in 'Account.Industry'; 'Account.*' stands for all of Account");
      return std::nullopt;
    }
    const std::optional<std::string> object_name = this->object_name(given.substr(0, dot));
    const Object* object = object_name ? schema_.find(*object_name) : nullptr;
    if (!object) return std::nullopt;
    if (given.substr(dot + 1) == "*") return *object_name + ".*";
    if (const Field* field = object->find(given.substr(dot + 1)))
      return fmt::format("{}.{}", object->name, field->name);
    std::vector<std::string> names;
    for (const Field& field : object->fields) names.push_back(field.name);
    unknown(fmt::format("field of {}", object->name), given.substr(dot + 1), names);
    return std::nullopt;
  }

  static bool contains(const std::vector<bool ObjectRights::*>& rights, bool ObjectRights::* right) {
    return std::find(rights.begin(), rights.end(), right) != rights.end();
  }

  void unknown(std::string_view kind, const std::string& name, const std::vector<std::string>& names) {
    const std::string meant = base::nearest(name, names);
    fault(fmt::format("there is no {} '{}'{}", kind, name, meant.empty() ? "" : fmt::format("; meant '{}'?", meant)));
  }

  void fault(std::string_view message) { faults_.push_back(fmt::format("{}: {}", place_, message)); }

  Rights rights_;
  const Schema& schema_;
  std::string place_;
  std::vector<std::string> faults_;
};

void write_list(base::JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key);
  json.begin_array();
  for (const std::string& text : texts) json.string(text);
  json.end_array();
}

}  // namespace

void write_rights(base::JsonWriter& json, const Rights& rights) {
  json.key("system");
  json.begin_object();
  for (const std::string_view permission : system_permissions) json.field(permission, rights.has(permission));
  json.end_object();
  json.key("objects");
  json.begin_object();
  for (const auto& [name, granted] : rights.objects) {
    json.key(name);
    json.begin_object();
    for (const ObjectRight& right : object_rights()) json.field(right.name, granted.*(right.member));
    json.end_object();
  }
  json.end_object();
  json.key("fields");
  json.begin_object();
  for (const auto& [name, granted] : rights.fields) {
    json.key(name);
    json.begin_object();
    json.field("read", granted.read);
    json.field("edit", granted.edit);
    json.end_object();
  }
  json.end_object();
  json.key("record_types");
  json.begin_object();
  for (const auto& [name, types] : rights.record_types) {
    json.key(name);
    json.begin_object();
    write_list(json, "available", types.available);
    json.field("default", types.standard);
    json.end_object();
  }
  json.end_object();
}

Rights read_rights(const nlohmann::json& json) {
  Rights rights;
  for (const auto& [name, granted] : json.at("system").items()) {
    if (granted.get<bool>()) rights.system.insert(name);
  }
  for (const auto& [name, granted] : json.at("objects").items()) {
    for (const ObjectRight& right : object_rights())
      rights.objects[name].*(right.member) = granted.at(std::string(right.name)).get<bool>();
  }
  for (const auto& [name, granted] : json.at("fields").items())
    rights.fields[name] = {granted.at("read").get<bool>(), granted.at("edit").get<bool>()};
  for (const auto& [name, types] : json.at("record_types").items())
    rights.record_types[name] = {types.at("available").get<std::vector<std::string>>(),
                                 types.at("default").get<std::string>()};
  return rights;
}

std::vector<std::string> change_rights(Rights& rights, const nlohmann::json& wanted, const Schema& schema) {
  RightsChange change(rights, schema);
  change.apply(wanted);
  std::vector<std::string> faults = change.take_faults();
  if (faults.empty()) rights = change.take();
  return faults;
}

}  // namespace local_org
