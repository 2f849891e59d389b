// The org's duplicate rules: each says by which field a record of an object is taken for one that is there already.
#include "local_org/duplicate_rules.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "local_org/api_error.hpp"

namespace local_org {
namespace {

// "allowSave=true; runAsCurrentUser=true"
bool allows_save(std::string_view header) {
  std::string text;
  for (const char c : header)
    if (c != ' ') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return (";" + text + ";").find(";allowsave=true;") != std::string::npos;
}

const Field* field_of_rule(std::string_view rule, const Object& object) {
  const std::size_t dot = rule.find('.');
  if (dot == std::string_view::npos || !same_name(rule.substr(0, dot), object.name)) return nullptr;
  return object.find(rule.substr(dot + 1));
}

// As orgs write it, with their misspelt name of the member that holds it.
std::string duplicate_result(const Object& object, std::string_view rule, const std::vector<std::string>& others) {
  base::JsonWriter json;
  json.begin_object();
  json.field("allowSave", true);
  json.field("duplicateRule", rule);
  json.field("duplicateRuleEntityType", object.name);
  json.field("errorMessage", "Use one of these records?");
  json.key("matchResults");
  json.begin_array();
  json.begin_object();
  json.field("entityType", object.name);
  json.key("errors");
  json.begin_array();
  json.end_array();
  json.field("matchEngine", "ExactMatchEngine");
  json.key("matchRecords");
  json.begin_array();
  for (const std::string& id : others) {
    json.begin_object();
    json.field("matchConfidence", 100);
    json.key("record");
    json.begin_object();
    json.field("Id", id);
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.field("rule", rule);
  json.field("size", static_cast<std::int64_t>(others.size()));
  json.field("success", true);
  json.end_object();
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace

void check_duplicates(const std::vector<std::string>& rules, const Object& object, const std::string& id,
                      RecordStore& store, std::string_view header) {
  if (rules.empty() || allows_save(header)) return;
  const std::optional<Record> record = store.find(object, id);
  if (!record) return;
  for (const std::string& rule : rules) {
    const Field* field = field_of_rule(rule, object);
    if (!field || !field->stored()) continue;
    const base::sql::Value& value = (*record)[object.index_of(*field)];
    if (std::holds_alternative<base::sql::Null>(value)) continue;
    std::vector<std::string> others = store.find_ids(object, *field, value);
    std::erase(others, id);
    if (others.empty()) continue;
    ApiError detected{400, "DUPLICATES_DETECTED", "Use one of these records?"};
    detected.duplicate_result = duplicate_result(object, rule, others);
    throw detected;
  }
}

}  // namespace local_org
