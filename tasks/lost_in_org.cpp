#include "tasks/lost_in_org.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "tasks/api_name.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::RecordChange;
using connectors::salesforce::RecordTypeSchema;

// The record's bytes are this program's own.
nlohmann::json fields_of(const RecordChange& change) {
  base::Result<nlohmann::json> fields = base::parse_json(change.fields.text);
  return fields && fields->is_object() ? *std::move(fields) : nlohmann::json::object();
}

bool offers_choice(const FieldSchema& field, std::string_view value) {
  return std::any_of(field.choices.begin(), field.choices.end(),
                     [&](const connectors::salesforce::PicklistChoice& choice) { return choice.value == value; });
}

bool may_give(const ObjectSchema& object, std::string_view record_type) {
  return std::any_of(object.record_types.begin(), object.record_types.end(), [&](const RecordTypeSchema& type) {
    return type.available && type.id.substr(0, 15) == record_type.substr(0, 15);
  });
}

std::vector<std::string> choices_in(const FieldSchema& field, const std::string& value) {
  std::vector<std::string> choices;
  if (field.kind == FieldKind::picklist) choices.push_back(value);
  if (field.kind != FieldKind::multipicklist) return choices;
  for (std::size_t start = 0; start <= value.size();) {
    const std::size_t end = std::min(value.find(';', start), value.size());
    choices.push_back(value.substr(start, end - start));
    start = end + 1;
  }
  return choices;
}

class Comparison {
 public:
  Comparison(const ObjectSchema& before, const ObjectSchema& now) : before_(before), now_(now) {}

  void look_at_names(const std::vector<std::string>& names) {
    lost_.fields = lost_fields(before_, now_, names);
    if (!lost_.empty())
      lost_.in_words = fmt::format("{} has no {} any more that the account's user may write", before_.name,
                                   fmt::join(lost_.fields, ", "));
  }

  void look_at_value(const std::string& name, const std::string& value) {
    const FieldSchema* had = before_.find(name);
    const FieldSchema* has = now_.find(name);
    if (!had || !has) return;
    if (same_name(name, "RecordTypeId") && may_give(before_, value) && !may_give(now_, value))
      add(name, "records can no longer be of this type: it is gone, or the account's user may not give it");
    if (!has->restricted) return;
    for (const std::string& choice : choices_in(*had, value))
      if (offers_choice(*had, choice) && !offers_choice(*has, choice))
        add(name, fmt::format("offers '{}' no more", choice));
  }

  LostInOrg take() { return std::move(lost_); }

 private:
  void add(const std::string& field, const std::string& what) {
    lost_.fields.push_back(field);
    lost_.in_words += fmt::format("{}{}.{} {}", lost_.in_words.empty() ? "" : "; ", before_.name, field, what);
  }

  const ObjectSchema& before_;
  const ObjectSchema& now_;
  LostInOrg lost_{};
};

}  // namespace

std::vector<std::string> lost_fields(const ObjectSchema& before, const ObjectSchema& now,
                                     const std::vector<std::string>& fields) {
  std::vector<std::string> lost;
  for (const std::string& field : fields) {
    const FieldSchema* had = before.find(field);
    const FieldSchema* has = now.find(field);
    const bool is_gone = had && !has;
    const bool is_closed = had && has && (had->createable || had->updateable) && !has->createable && !has->updateable;
    if (is_gone || is_closed) lost.push_back(field);
  }
  return lost;
}

LostInOrg lost_of(const RecordChange& change, const ObjectSchema& before, const ObjectSchema* now) {
  if (!now) return {.fields = {""}, .in_words = change.object + " is not there any more"};
  const nlohmann::json fields = fields_of(change);
  std::vector<std::string> names;
  if (!change.key_field.empty()) names.push_back(change.key_field);
  for (const auto& [name, value] : fields.items()) names.push_back(name);
  Comparison comparison(before, *now);
  comparison.look_at_names(names);
  for (const auto& [name, value] : fields.items())
    if (value.is_string()) comparison.look_at_value(name, value.get<std::string>());
  return comparison.take();
}

}  // namespace tasks
