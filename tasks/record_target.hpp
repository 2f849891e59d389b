// Which record a task changes: one named by its id, or one found by a match.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "engine/pipe.hpp"
#include "engine/task.hpp"
#include "tasks/record_match.hpp"

namespace tasks {

class With;

struct RecordTarget {
  std::variant<engine::PipedText, RecordMatch> by;
};

// Reads `id`, or `match` and its rules; exactly one of the two has to be there.
RecordTarget read_record_target(With& with);

// As know_types(RecordMatch); nothing where the record is named by its id.
void know_types(RecordTarget& target, const connectors::salesforce::ObjectSchema& schema);

// What is known about the record: the question has yet to be asked, there is none and that is fine, or its id.
struct NoRecord {};
using TargetState = std::variant<engine::Read, NoRecord, std::string>;

// A blank id is an error; `answers` are the task's so far, of which a match uses the first.
base::Result<TargetState> find_target(const RecordTarget& target, const engine::TaskInput& input,
                                      std::span<const engine::Answer> answers);

// The end: `{"id": …, what: true}`, or with null and false where there is no record.
engine::Step done_with(const std::string* id, std::string_view what);

// How many answers belong to the finding, once it is over.
std::size_t answers_of_finding(const RecordTarget& target);

}  // namespace tasks
