// e://, rm://, m:// and loc://: values that have a name of their own.
#include <algorithm>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

// A name of piped text and the key that holds it on the wire. `*id` and `*survey` stand beside the values.
struct NamedKey {
  std::string_view name;
  std::string_view key;
};

constexpr NamedKey embedded_built_ins[] = {
    {"ResponseID", "*id"},
    {"SurveyID", "*survey"},
    {"Q_Language", "userLanguage"},
    {"Q_TotalDuration", "duration"},
    {"StartDate", "startDate"},
    {"EndDate", "endDate"},
    {"RecordedDate", "recordedDate"},
};

constexpr NamedKey metadata[] = {
    {"ResponseID", "*id"},
    {"SurveyID", "*survey"},
    {"Status", "status"},
    {"Finished", "finished"},
    {"Progress", "progress"},
    {"Duration", "duration"},
    {"StartDate", "startDate"},
    {"EndDate", "endDate"},
    {"RecordedDate", "recordedDate"},
    {"DistributionChannel", "distributionChannel"},
    {"UserLanguage", "userLanguage"},
    {"IPAddress", "ipAddress"},
    {"LocationLatitude", "locationLatitude"},
    {"LocationLongitude", "locationLongitude"},
    {"RecipientFirstName", "recipientFirstName"},
    {"RecipientLastName", "recipientLastName"},
    {"RecipientEmail", "recipientEmail"},
    {"ExternalDataReference", "externalDataReference"},
};

constexpr NamedKey contact[] = {
    {"FirstName", "recipientFirstName"}, {"LastName", "recipientLastName"},
    {"Email", "recipientEmail"},         {"ExternalDataReference", "externalDataReference"},
    {"Language", "userLanguage"},
};

constexpr NamedKey location[] = {
    {"IPAddress", "ipAddress"},
    {"Latitude", "locationLatitude"},
    {"Longitude", "locationLongitude"},
};

// What the survey platform looks up by the address and does not hand out with a response: there only when the survey
// keeps it as embedded data of the same name.
constexpr NamedKey location_to_keep[] = {
    {"City", "City"},
    {"RegionName", "RegionName"},
    {"CountryName", "CountryName"},
    {"CountryCode", "CountryCode"},
    {"PostalCode", "PostalCode"},
};

const NamedKey* find_named(std::span<const NamedKey> names, std::string_view name) {
  auto at = std::find_if(names.begin(), names.end(), [name](const NamedKey& one) { return one.name == name; });
  return at == names.end() ? nullptr : &*at;
}

PipeFault not_among(std::span<const NamedKey> names, std::string_view before, std::string_view name,
                    std::string_view what) {
  std::vector<std::string> known;
  for (const NamedKey& one : names) known.emplace_back(one.name);
  const std::string near = base::nearest(name, known);
  return {fmt::format("'{}' is not among {}", name, what),
          fmt::format("{}{}", before, near.empty() ? known.front() : near)};
}

Found value_under(std::string_view key, const Response& response) {
  if (key == "*id") return base::Value(response.id);
  if (key == "*survey" && !response.survey.empty()) return base::Value(response.survey);
  if (key == "*survey") return value_or_blank(response, "surveyId");
  return value_or_blank(response, key);
}

// The part after `Field/`; nullopt when the path has another shape.
std::optional<std::string_view> after_field(std::string_view path) {
  constexpr std::string_view prefix = "Field/";
  if (!path.starts_with(prefix) || path.size() == prefix.size()) return std::nullopt;
  return path.substr(prefix.size());
}

PipeFault names_no_field(const PipePath& pipe, std::string_view example) {
  std::string_view name = pipe.path;
  const std::size_t slash = name.find('/');
  // "field/X" means the same as "Field/X".
  if (slash != std::string_view::npos && !base::nearest(name.substr(0, slash), {"Field"}).empty())
    name.remove_prefix(slash + 1);
  return {fmt::format("'{}' names no field", pipe.path),
          fmt::format("{}://Field/{}", pipe.scheme, name.empty() ? example : name)};
}

// --- e://

// Fields that the platform fills without being told.
bool is_reserved(std::string_view name) { return name.starts_with("Q_"); }

PipeFault embedded_fault(const PipePath& pipe, const Survey* survey) {
  const std::optional<std::string_view> name = after_field(pipe.path);
  if (!name) return names_no_field(pipe, "NAME");
  if (!survey || find_named(embedded_built_ins, *name) || is_reserved(*name) || survey->field(*name)) return {};
  std::vector<std::string> known;
  for (const EmbeddedField& field : survey->fields) known.push_back(field.name);
  for (const NamedKey& one : embedded_built_ins) known.emplace_back(one.name);
  const std::string near = base::nearest(*name, known);
  return {fmt::format("the survey's flow declares no embedded data '{}', so that no response holds it", *name),
          near.empty() ? "" : "e://Field/" + near};
}

Found find_embedded(const PipePath& pipe, const PipeContext& context) {
  const std::optional<std::string_view> name = after_field(pipe.path);
  if (!name) return names_no_field(pipe, "NAME");
  if (const NamedKey* built_in = find_named(embedded_built_ins, *name)) {
    Found found = value_under(built_in->key, context.response);
    const auto* value = std::get_if<base::Value>(&found);
    if (!value || !std::holds_alternative<base::Blank>(value->data)) return found;
  }
  return value_or_blank(context.response, *name);
}

// --- rm://

PipeFault metadata_fault(const PipePath& pipe, const Survey*) {
  const std::optional<std::string_view> name = after_field(pipe.path);
  if (!name) {
    const bool known = find_named(metadata, pipe.path) != nullptr;
    return {fmt::format("'{}' names no field", pipe.path),
            fmt::format("rm://Field/{}", known ? pipe.path : "ResponseID")};
  }
  if (find_named(metadata, *name)) return {};
  return not_among(metadata, "rm://Field/", *name, "a response's metadata");
}

Found find_metadata(const PipePath& pipe, const PipeContext& context) {
  const std::optional<std::string_view> name = after_field(pipe.path);
  const NamedKey* found = name ? find_named(metadata, *name) : nullptr;
  if (!found) return metadata_fault(pipe, nullptr);
  return value_under(found->key, context.response);
}

// --- m://

PipeFault contact_fault(const PipePath& pipe, const Survey*) {
  if (find_named(contact, pipe.path)) return {};
  return not_among(contact, "m://", pipe.path, "what a response knows of its contact");
}

Found find_contact(const PipePath& pipe, const PipeContext& context) {
  const NamedKey* found = find_named(contact, pipe.path);
  if (!found) return contact_fault(pipe, nullptr);
  return value_under(found->key, context.response);
}

// --- loc://

PipeFault location_fault(const PipePath& pipe, const Survey* survey) {
  if (find_named(location, pipe.path)) return {};
  if (!find_named(location_to_keep, pipe.path)) {
    return not_among(location, "loc://", pipe.path, "what a response knows of the respondent's place");
  }
  if (!survey || survey->field(pipe.path)) return {};
  return {
      fmt::format("a response does not hold '{0}', unless the survey's flow keeps it: set embedded data '{0}' to "
                  "${{loc://{0}}} there",
                  pipe.path)};
}

Found find_location(const PipePath& pipe, const PipeContext& context) {
  const NamedKey* found = find_named(location, pipe.path);
  if (!found) found = find_named(location_to_keep, pipe.path);
  if (!found) return location_fault(pipe, nullptr);
  return value_under(found->key, context.response);
}

}  // namespace

const PipeFamily embedded_pipes{"e", "", embedded_fault, find_embedded};
const PipeFamily metadata_pipes{"rm", "", metadata_fault, find_metadata};
const PipeFamily contact_pipes{"m", "", contact_fault, find_contact};
const PipeFamily location_pipes{"loc", "", location_fault, find_location};

}  // namespace connectors::survey
