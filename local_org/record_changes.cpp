// What a request's body asks to set, with names and types checked.
#include "local_org/record_changes.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/findings.hpp"
#include "local_org/api_error.hpp"
#include "local_org/field_value.hpp"

namespace local_org {
namespace {

ApiError no_such_column(const std::string& name, const Object& object) {
  return {400, "INVALID_FIELD", fmt::format("No such column '{}' on sobject of type {}", name, object.name)};
}

class ChangeReader {
 public:
  ChangeReader(const RecordBody& body, const Object& object, const Access& access, RecordStore& store)
      : body_(body), object_(object), access_(access), store_(store) {}

  std::vector<Change> read() {
    for (const auto& [name, value] : body_.fields().items()) {
      if (name == "attributes") continue;
      if (value.is_object()) {
        if (const Field* lookup = access_.find_relationship(object_, name)) {
          add(*lookup, parent_id(*lookup, name, value));
          continue;
        }
      }
      const Field* field = access_.find_field(object_, name);
      if (!field) throw no_such_column(name, object_);
      if (field->type == FieldType::id) {
        throw ApiError{400, "INVALID_FIELD", "The Id field should not be specified in the sobject data."};
      }
      // Compounds are read only, whatever the value: the rule for those says so in its own words.
      add(*field,
          field->stored() ? read_field_value(*field, value, body_, base::pointer_token(name)) : base::sql::Null{});
    }
    return std::move(changes_);
  }

 private:
  void add(const Field& field, base::sql::Value value) {
    const bool twice =
        std::any_of(changes_.begin(), changes_.end(), [&](const Change& change) { return change.first == &field; });
    if (twice) throw ApiError{400, "INVALID_FIELD", fmt::format("Duplicate field specified: {}", field.name)};
    changes_.emplace_back(&field, std::move(value));
  }

  base::sql::Value parent_id(const Field& lookup, const std::string& relationship, const nlohmann::json& parent) {
    const Object& target = parent_object(lookup, relationship, parent);
    const std::string key = external_id_of(parent, target);
    const Field* field = access_.find_field(target, key);
    if (!field) throw no_such_column(key, target);
    if (!field->external_id && !field->id_lookup) {
      throw ApiError{400, "INVALID_FIELD",
                     fmt::format("{} is not an External ID or indexed field for {}", field->name, target.name)};
    }
    // The value may come as a number where the field is a text.
    const nlohmann::json& given = parent.at(key);
    const std::string text = given.is_string() ? given.get<std::string>() : given.dump();
    const std::optional<base::sql::Value> value = field_value_from_text(*field, text);
    const std::vector<std::string> ids = value ? store_.find_ids(target, *field, *value) : std::vector<std::string>{};
    if (ids.size() > 1) {
      throw ApiError{400, "INVALID_FIELD",
                     fmt::format("More than one record found for external id field: [{}]", fmt::join(ids, ", "))};
    }
    if (ids.empty()) {
      throw ApiError{400, "INVALID_FIELD",
                     fmt::format("Foreign key external ID: {} not found for field {} in entity {}", text, field->name,
                                 target.name)};
    }
    return ids.front();
  }

  const Object& parent_object(const Field& lookup, const std::string& relationship,
                              const nlohmann::json& parent) const {
    std::string name = lookup.references.empty() ? "" : lookup.references.front();
    if (lookup.references.size() > 1) {
      const auto attributes = parent.find("attributes");
      const bool typed = attributes != parent.end() && attributes->is_object() && attributes->contains("type") &&
                         attributes->at("type").is_string();
      if (!typed) {
        throw ApiError{
            400, "JSON_PARSER_ERROR",
            "Nested object for polymorphic foreign key must have an attributes field before any other fields. at " +
                body_.place_of(base::pointer_token(relationship))};
      }
      name = attributes->at("type").get<std::string>();
    }
    const Object* object = access_.find_object(name);
    if (!object) throw no_such_column(relationship, object_);
    return *object;
  }

  static std::string external_id_of(const nlohmann::json& parent, const Object& target) {
    std::vector<std::string> keys;
    for (const auto& [name, value] : parent.items()) {
      if (name != "attributes") keys.push_back(name);
    }
    if (keys.size() == 1 && parent.at(keys.front()).is_primitive() && !parent.at(keys.front()).is_null())
      return keys.front();
    throw ApiError{
        400, "INVALID_FIELD",
        fmt::format("Nested object for {} must hold exactly one external id field and its value", target.name)};
  }

  const RecordBody& body_;
  const Object& object_;
  const Access& access_;
  RecordStore& store_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> read_changes(const RecordBody& body, const Object& object, const Access& access,
                                 RecordStore& store) {
  return ChangeReader(body, object, access, store).read();
}

}  // namespace local_org
