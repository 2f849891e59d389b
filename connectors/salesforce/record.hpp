// A change to one record, as it is frozen: operation, object, key and field bytes; never a URL.
#pragma once

#include <string>
#include <string_view>

#include "base/json_text.hpp"
#include "base/result.hpp"

namespace connectors::salesforce {

enum class Operation { create, update, upsert, remove, chatter_post };  // remove is "delete" in JSON

struct RecordChange {
  Operation operation = Operation::create;
  std::string object{};     // API name
  std::string id{};         // of update and delete by id; the subject of a Chatter post
  std::string key_field{};  // of upsert: the external-id field
  std::string key_value{};
  std::string assignment_rule{};  // TRUE, FALSE or the rule's id; empty: as the org does by itself
  std::string duplicates{};       // allow or refuse; empty: as the org does by itself
  // Of one that allows duplicates: it is sent without leave to save them, and where a rule objects, what the org takes
  // for the same is its answer and nothing was written.
  bool asks_first = false;
  base::JsonText fields{};  // an object, or the post's text as a JSON string

  friend bool operator==(const RecordChange&, const RecordChange&) = default;
};

base::JsonText to_json(const RecordChange& change);
base::Result<RecordChange> read_record_change(std::string_view json);

std::string_view to_string(Operation operation);

}  // namespace connectors::salesforce
