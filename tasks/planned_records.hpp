// The records that a plan would have made, changed or deleted so far: they lie over what the org holds. No I/O.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tasks/planned_index.hpp"
#include "tasks/planned_value.hpp"

namespace tasks {

struct PlannedRecord {
  std::string object{};  // as the org spells it
  std::string id{};      // of a new record made up, and well-formed
  RecordValues values{};
  bool is_new = false;
  bool is_removed = false;
  std::size_t number = 0;  // of a new record: which of its object, from 1
  std::size_t place = 0;   // in the order in which the plan has come upon it

  const base::Value& value(std::string_view field) const;  // blank where there is none
};

class PlannedRecords {
 public:
  explicit PlannedRecords(std::size_t org_number = 1) : org_number_(org_number) {}

  // Null: it is as the org has it. An id of fifteen characters will do.
  const PlannedRecord* find(std::string_view id) const;
  bool is_removed(std::string_view id) const;
  // Those of an object, also removed ones; new ones in the order they were made, behind all others.
  std::vector<const PlannedRecord*> of(std::string_view object) const;
  // What a record has to hold in one of its own fields.
  struct Held {
    connectors::salesforce::FieldSchema field;
    base::Value value;
  };
  // Of those, and in their order, all that hold each of these, and perhaps others: the fewest that one look-up leaves.
  // Nothing to hold: all.
  std::vector<const PlannedRecord*> that_may_hold(std::string_view object, const std::vector<Held>& all) const;
  bool has_any(std::string_view object) const { return count_changed(object) > 0 || count_new(object) > 0; }
  // Of records that the org has, how many are changed or removed.
  std::size_t count_changed(std::string_view object) const;
  bool empty() const { return by_id_.empty(); }

  const PlannedRecord& add(std::string object, RecordValues values);
  void change(PlannedRecord record);
  // Lookups to it are cleared.
  void remove(PlannedRecord record);

  // Made-up ids of new records as people are told of them: "(new Contact 2)".
  std::string in_words(std::string text) const;

 private:
  // What the plan has of one object.
  struct OfObject {
    std::vector<std::string> ids{};  // as they came
    std::size_t new_count = 0;
    std::map<std::string, PlannedIndex> indices{};  // by folded field; made when a field is first looked up
  };

  std::size_t count_new(std::string_view object) const;
  const OfObject* find_object(std::string_view object) const;
  const std::vector<std::string>& ids_holding(OfObject& object, const Held& held) const;
  void put(PlannedRecord record);
  void note_references(const PlannedRecord& record);

  std::size_t org_number_;
  std::size_t made_ = 0;
  std::map<std::string, PlannedRecord, std::less<>> by_id_{};  // made-up ids rise
  mutable std::map<std::string, OfObject> by_object_{};        // by folded name
  std::unordered_map<std::string, std::set<std::string>>
      referred_to_from_{};  // ids by the ids in their fields, or once in
  std::map<std::string, std::size_t> made_of_object_{};
};

// Clears lookups to what is removed.
void clear_lookups(RecordValues& values, const PlannedRecords& records);

}  // namespace tasks
