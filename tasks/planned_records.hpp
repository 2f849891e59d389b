// The records that a plan would have made, changed or deleted so far: they lie over what the org holds. No I/O.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/planned_value.hpp"

namespace tasks {

struct PlannedRecord {
  std::string object{};  // as the org spells it
  std::string id{};      // of a new record made up, and well-formed
  RecordValues values{};
  bool is_new = false;
  bool is_removed = false;
  std::size_t number = 0;  // of a new record: which of its object, from 1

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
  bool empty() const { return by_id_.empty(); }

  const PlannedRecord& add(std::string object, RecordValues values);
  void change(PlannedRecord record);
  // Lookups to it are cleared.
  void remove(PlannedRecord record);

  // Made-up ids of new records as people are told of them: "(new Contact 2)".
  std::string in_words(std::string text) const;

 private:
  std::size_t org_number_;
  std::size_t made_ = 0;
  std::map<std::string, PlannedRecord, std::less<>> by_id_{};    // made-up ids rise
  std::map<std::string, std::vector<std::string>> by_object_{};  // ids, as they came
  std::map<std::string, std::size_t> made_of_object_{};
};

// Clears lookups to what is removed.
void clear_lookups(RecordValues& values, const PlannedRecords& records);

}  // namespace tasks
