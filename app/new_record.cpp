#include "app/new_record.hpp"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace app {
namespace {

using Tree = nlohmann::ordered_json;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;

std::string numbered(std::string text, std::size_t number) {
  return number == 0 ? std::move(text) : fmt::format("{}{}", text, number + 1);
}

// What a field takes when nobody has said what; text where it is no other thing.
Tree some_value_of(const FieldSchema& field, std::size_t number) {
  switch (field.kind) {
    case FieldKind::integer:
    case FieldKind::number: return number + 1;
    case FieldKind::boolean: return false;
    case FieldKind::date: return "2000-01-01";
    case FieldKind::datetime: return "2000-01-01T00:00:00Z";
    case FieldKind::time: return "00:00:00.000Z";
    case FieldKind::email: return numbered("person", number) + "@example.com";
    case FieldKind::picklist:
    case FieldKind::multipicklist: return field.choices.empty() ? "A" : field.choices.front().value;
    default: {
      std::string text = numbered("Somebody", number);
      // Its end tells it from others.
      if (field.length != 0 && text.size() > field.length) text = text.substr(text.size() - field.length);
      return text;
    }
  }
}

}  // namespace

base::JsonText new_record_of(const connectors::salesforce::ObjectSchema& schema, std::size_t number) {
  Tree record = Tree::object();
  for (const FieldSchema& field : schema.fields)
    if (!field.nillable && !field.defaulted && field.createable && field.kind != FieldKind::boolean)
      record[field.name] = some_value_of(field, number);
  return {record.dump()};
}

}  // namespace app
