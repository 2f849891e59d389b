// How a record is found by its fields, and what it means when there is none or more than one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "engine/task.hpp"
#include "engine/value_source.hpp"
#include "tasks/response_mapping.hpp"

namespace tasks {

class With;

enum class IfNone { fail, go_on };  // in documents: fail, continue
// first: the lowest id; newest: the latest CreatedDate; list: all of them, for a task with for_each.
enum class IfMany { fail, first, newest, list };

struct RecordMatch {
  std::string object{};
  std::vector<MappedField> fields{};  // all of them must be equal
  std::vector<std::string> select{"Id"};
  IfNone if_none = IfNone::fail;
  IfMany if_many = IfMany::fail;
  bool says_if_many = false;  // the document itself says what several mean
  int list_max = 200;         // of a list: more than these are refused
};

struct FoundRecord {
  std::string id;
  base::JsonText row;      // as Salesforce gave it
  std::int64_t found = 1;  // 2 stands for two or more
};

// Reads `object`, `match`, `if_none`, `if_many` and `max`.
RecordMatch read_record_match(With& with);

// From now on a field's own type says how it is compared, where the document does not.
void know_types(RecordMatch& match, const connectors::salesforce::ObjectSchema& schema);

// The question to ask, or nullopt where a value is blank: a blank finds nothing, and never the records that lack a
// value.
base::Result<std::optional<engine::Read>> question_of(const RecordMatch& match, const engine::ValueSource& values);

// What the rules make of an answer's rows: the record, nullopt where none is fine, or find_none, find_many.
base::Result<std::optional<FoundRecord>> choose(const RecordMatch& match, const engine::Answer& answer);
// The same where no question was asked.
base::Result<std::optional<FoundRecord>> choose_none(const RecordMatch& match);
// Of a match that takes them as a list: all rows, by their ids, or find_none, find_many. nullptr: nothing was asked.
base::Result<std::vector<base::JsonText>> choose_all(const RecordMatch& match, const engine::Answer* answer);

}  // namespace tasks
