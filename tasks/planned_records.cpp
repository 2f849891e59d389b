#include "tasks/planned_records.hpp"

#include <utility>

#include <fmt/format.h>

#include "connectors/salesforce/record_id.hpp"
#include "tasks/api_name.hpp"

namespace tasks {

namespace {

// No key prefix of an org, so that nobody takes it for a record of theirs.
constexpr std::string_view made_up = "000PLAN";

std::string made_up_id(std::size_t org, std::size_t number) {
  return connectors::salesforce::whole_record_id(fmt::format("{}{:02}{:06}", made_up, org % 100, number % 1'000'000));
}

constexpr std::size_t id_length = 18;

}  // namespace

const base::Value& PlannedRecord::value(std::string_view field) const {
  static const base::Value none;
  const auto found = values.find(folded_name(field));
  return found == values.end() ? none : found->second;
}

const PlannedRecord* PlannedRecords::find(std::string_view id) const {
  const auto found = by_id_.find(connectors::salesforce::whole_record_id(id));
  return found == by_id_.end() ? nullptr : &found->second;
}

bool PlannedRecords::is_removed(std::string_view id) const {
  const PlannedRecord* record = find(id);
  return record && record->is_removed;
}

std::vector<const PlannedRecord*> PlannedRecords::of(std::string_view object) const {
  std::vector<const PlannedRecord*> records;
  const auto ids = by_object_.find(folded_name(object));
  if (ids == by_object_.end()) return records;
  for (const bool is_new : {false, true})
    for (const std::string& id : ids->second)
      if (const PlannedRecord& record = by_id_.find(id)->second; record.is_new == is_new) records.push_back(&record);
  return records;
}

const PlannedRecord& PlannedRecords::add(std::string object, RecordValues values) {
  PlannedRecord record{.object = std::move(object), .values = std::move(values), .is_new = true};
  record.number = ++made_of_object_[record.object];
  std::string id = made_up_id(org_number_, ++made_);
  record.id = id;
  record.values["id"] = base::Value(id);
  change(std::move(record));
  return by_id_.find(id)->second;
}

void PlannedRecords::change(PlannedRecord record) {
  std::string id = record.id;
  if (!by_id_.contains(id)) by_object_[folded_name(record.object)].push_back(id);
  by_id_[std::move(id)] = std::move(record);
}

void PlannedRecords::remove(PlannedRecord record) {
  record.is_removed = true;
  change(std::move(record));
  for (auto& [id, other] : by_id_) clear_lookups(other.values, *this);
}

std::string PlannedRecords::in_words(std::string text) const {
  for (std::size_t at = text.find(made_up); at != std::string::npos; at = text.find(made_up, at + 1)) {
    const auto found = by_id_.find(std::string_view(text).substr(at, id_length));
    if (found == by_id_.end()) continue;
    text.replace(at, found->first.size(), fmt::format("(new {} {})", found->second.object, found->second.number));
  }
  return text;
}

void clear_lookups(RecordValues& values, const PlannedRecords& records) {
  for (auto& [field, value] : values) {
    const auto* text = std::get_if<std::string>(&value.data);
    if (text && field != "id" && text->size() == id_length && records.is_removed(*text)) value = base::Value();
  }
}

}  // namespace tasks
