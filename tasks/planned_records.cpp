#include "tasks/planned_records.hpp"

#include <algorithm>
#include <tuple>
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

const PlannedRecords::OfObject* PlannedRecords::find_object(std::string_view object) const {
  const auto found = by_object_.find(folded_name(object));
  return found == by_object_.end() ? nullptr : &found->second;
}

std::size_t PlannedRecords::count_new(std::string_view object) const {
  const OfObject* known = find_object(object);
  return known ? known->new_count : 0;
}

std::size_t PlannedRecords::count_changed(std::string_view object) const {
  const OfObject* known = find_object(object);
  return known ? known->ids.size() - known->new_count : 0;
}

std::vector<const PlannedRecord*> PlannedRecords::of(std::string_view object) const {
  std::vector<const PlannedRecord*> records;
  const OfObject* known = find_object(object);
  if (!known) return records;
  for (const bool is_new : {false, true})
    for (const std::string& id : known->ids)
      if (const PlannedRecord& record = by_id_.find(id)->second; record.is_new == is_new) records.push_back(&record);
  return records;
}

const std::vector<std::string>& PlannedRecords::ids_holding(OfObject& object, const Held& held) const {
  const std::string name = folded_name(held.field.name);
  auto index = object.indices.find(name);
  if (index == object.indices.end() || !index->second.fits(held.field)) {
    index = object.indices.insert_or_assign(name, PlannedIndex(held.field)).first;
    for (const std::string& id : object.ids) index->second.put(id, by_id_.find(id)->second.value(name));
  }
  return index->second.ids(held.value);
}

std::vector<const PlannedRecord*> PlannedRecords::that_may_hold(std::string_view object,
                                                                const std::vector<Held>& all) const {
  if (all.empty()) return of(object);
  std::vector<const PlannedRecord*> records;
  const auto known = by_object_.find(folded_name(object));
  if (known == by_object_.end()) return records;
  const std::vector<std::string>* fewest = nullptr;
  for (const Held& held : all) {
    const std::vector<std::string>& ids = ids_holding(known->second, held);
    if (!fewest || ids.size() < fewest->size()) fewest = &ids;
  }
  for (const std::string& id : *fewest) records.push_back(&by_id_.find(id)->second);
  std::sort(records.begin(), records.end(), [](const PlannedRecord* a, const PlannedRecord* b) {
    return std::tuple(a->is_new, a->place) < std::tuple(b->is_new, b->place);
  });
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

void PlannedRecords::change(PlannedRecord record) { put(std::move(record)); }

void PlannedRecords::put(PlannedRecord record) {
  OfObject& object = by_object_[folded_name(record.object)];
  const auto known = by_id_.find(record.id);
  record.place = known == by_id_.end() ? by_id_.size() : known->second.place;
  if (known == by_id_.end()) {
    object.ids.push_back(record.id);
    if (record.is_new) ++object.new_count;
  }
  for (auto& [field, index] : object.indices) index.put(record.id, record.value(field));
  note_references(record);
  std::string id = record.id;
  by_id_[std::move(id)] = std::move(record);
}

void PlannedRecords::note_references(const PlannedRecord& record) {
  for (const auto& [field, value] : record.values) {
    const auto* text = std::get_if<std::string>(&value.data);
    if (text && field != "id" && text->size() == id_length) referred_to_from_[*text].insert(record.id);
  }
}

void PlannedRecords::remove(PlannedRecord record) {
  record.is_removed = true;
  const std::string removed = record.id;
  put(std::move(record));
  const auto referring = referred_to_from_.find(removed);
  if (referring == referred_to_from_.end()) return;
  for (const std::string& id : std::exchange(referring->second, {})) {
    PlannedRecord other = by_id_.find(id)->second;
    clear_lookups(other.values, *this);
    put(std::move(other));
  }
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
