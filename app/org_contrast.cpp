#include "app/org_contrast.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "local_org/describe_files.hpp"

namespace app {
namespace {

using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldNeed;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectNeed;
using connectors::salesforce::ObjectSchema;

// Of a picklist with hundreds of values the first ones say enough.
constexpr std::size_t choices_shown_max = 20;

std::string choices_of(const FieldSchema& field) {
  std::vector<std::string> values;
  for (const connectors::salesforce::PicklistChoice& choice : field.choices) {
    if (values.size() == choices_shown_max) {
      values.push_back("…");
      break;
    }
    values.push_back(choice.value);
  }
  return values.empty() ? "nothing" : fmt::format("{}", fmt::join(values, ", "));
}

bool have_same_choices(const FieldSchema& a, const FieldSchema& b) {
  return std::equal(a.choices.begin(), a.choices.end(), b.choices.begin(), b.choices.end(),
                    [](const auto& one, const auto& other) { return one.value == other.value; });
}

bool is_required(const FieldSchema& field) { return !field.nillable && !field.defaulted && field.createable; }

class Contrast {
 public:
  Contrast(const ObjectNeed& need, const ObjectSchema& org, const ObjectSchema& local)
      : need_(need), org_(org), local_(local) {}

  std::vector<std::string> take() {
    look_at_rights();
    for (const FieldNeed& field : need_.fields) look_at_field(field);
    for (const FieldSchema& field : org_.fields) look_at_requirement(field);
    return std::move(sentences_);
  }

 private:
  void say(const std::string& field, const std::string& what) {
    sentences_.push_back(fmt::format("{}{}{}: {}", org_.name, field.empty() ? "" : ".", field, what));
  }

  void look_at_rights() {
    if (need_.create && !org_.createable && local_.createable) say("", "the account's user may not create it");
    if (need_.update && !org_.updateable && local_.updateable) say("", "the account's user may not edit it");
    if (need_.remove && !org_.deletable && local_.deletable) say("", "the account's user may not delete it");
  }

  void look_at_field(const FieldNeed& need) {
    const FieldSchema* field = org_.find(need.name);
    const FieldSchema* local = local_.find(need.name);
    if (!local) return;
    if (!field) return say(local->name, "is not there, or the account's user may not see it; local org has it");
    if (field->type != local->type) say(field->name, fmt::format("is {}; local org has {}", field->type, local->type));
    if (field->length != local->length)
      say(field->name, fmt::format("takes {} characters; local org takes {}", field->length, local->length));
    if (need.create && !field->createable && local->createable) say(field->name, "cannot be set in a new record");
    if (need.update && !field->updateable && local->updateable) say(field->name, "cannot be changed");
    if (local->id_lookup && !field->id_lookup) say(field->name, "is no external id; local org has it as one");
    look_at_choices(*field, *local);
  }

  void look_at_choices(const FieldSchema& field, const FieldSchema& local) {
    const bool is_picklist = field.kind == FieldKind::picklist || field.kind == FieldKind::multipicklist;
    if (!is_picklist || (!field.restricted && !local.restricted)) return;
    if (field.restricted == local.restricted && have_same_choices(field, local)) return;
    say(field.name,
        fmt::format("{} takes {}; local org takes {}", field.restricted ? "restricted picklist" : "open picklist",
                    field.restricted ? choices_of(field) : "any value",
                    local.restricted ? choices_of(local) : "any value"));
  }

  void look_at_requirement(const FieldSchema& field) {
    if (!need_.create || !is_required(field) || field.kind == FieldKind::boolean) return;
    const FieldSchema* local = local_.find(field.name);
    if (!local || !is_required(*local)) say(field.name, "is required; local org does not require it");
  }

  const ObjectNeed& need_;
  const ObjectSchema& org_;
  const ObjectSchema& local_;
  std::vector<std::string> sentences_{};
};

}  // namespace

std::vector<std::string> org_contrast(const ObjectNeed& need, const ObjectSchema& org, const ObjectSchema& local) {
  return Contrast(need, org, local).take();
}

std::string_view local_describe_of(std::string_view object) {
  for (const auto& [file, text] : local_org::embedded_files())
    if (connectors::salesforce::same_api_name(file, fmt::format("{}.json", object))) return text;
  return "";
}

}  // namespace app
