#include "connectors/salesforce/duplicates.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"

namespace connectors::salesforce {

namespace {

constexpr std::size_t told_max = 10;

const nlohmann::json* member_named(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string text_named(const nlohmann::json& object, const char* name) {
  const nlohmann::json* member = member_named(object, name);
  return member && member->is_string() ? member->get<std::string>() : "";
}

void add_matches(const nlohmann::json& of_rule, std::vector<DuplicateMatch>& matches) {
  const nlohmann::json* records = member_named(of_rule, "matchRecords");
  if (!records || !records->is_array()) return;
  for (const nlohmann::json& one : *records) {
    const nlohmann::json* record = member_named(one, "record");
    if (!record) continue;
    const DuplicateMatch match{text_named(of_rule, "entityType"), text_named(*record, "Id")};
    const bool is_known = std::find(matches.begin(), matches.end(), match) != matches.end();
    if (!match.id.empty() && !is_known) matches.push_back(match);
  }
}

}  // namespace

std::optional<Duplicates> read_duplicates(const nlohmann::json& error) {
  if (text_named(error, "errorCode") != "DUPLICATES_DETECTED") return std::nullopt;
  Duplicates duplicates;
  // The key is misspelt in the orgs that are known; newer ones may have it right.
  const nlohmann::json* result = member_named(error, "duplicateResut");
  if (!result) result = member_named(error, "duplicateResult");
  if (!result) return duplicates;
  duplicates.rule = text_named(*result, "duplicateRule");
  const nlohmann::json* may_be_saved = member_named(*result, "allowSave");
  duplicates.may_be_saved = !may_be_saved || !may_be_saved->is_boolean() || may_be_saved->get<bool>();
  const nlohmann::json* results = member_named(*result, "matchResults");
  if (!results || !results->is_array()) return duplicates;
  for (const nlohmann::json& of_rule : *results) add_matches(of_rule, duplicates.matches);
  return duplicates;
}

std::optional<Duplicates> duplicates_in(std::string_view body) {
  const base::Result<nlohmann::json> errors = base::parse_json(body);
  if (!errors || !errors->is_array()) return std::nullopt;
  for (const nlohmann::json& error : *errors) {
    if (std::optional<Duplicates> duplicates = read_duplicates(error)) return duplicates;
  }
  return std::nullopt;
}

void write_matches(base::JsonWriter& json, const std::vector<DuplicateMatch>& matches) {
  json.begin_array();
  for (const DuplicateMatch& match : matches) {
    json.begin_object();
    json.field("object", match.object);
    json.field("id", match.id);
    json.end_object();
  }
  json.end_array();
}

std::string matches_in_words(const std::vector<DuplicateMatch>& matches) {
  if (matches.empty()) return "records that the account's user may not see";
  std::string words;
  for (std::size_t i = 0; i < std::min(matches.size(), told_max); ++i)
    words += fmt::format("{}{} {}", i == 0 ? "" : ", ", matches[i].object, matches[i].id);
  if (matches.size() > told_max) words += fmt::format(" and {} more", matches.size() - told_max);
  return words;
}

}  // namespace connectors::salesforce
