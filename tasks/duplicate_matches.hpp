// A write that passes over the org's duplicate rules, in two steps so that the run knows what it passed over: it is
// sent without leave first, and only where a rule objects once more with it. One call more, and only then.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/duplicates.hpp"
#include "connectors/salesforce/record.hpp"
#include "engine/note.hpp"
#include "engine/task.hpp"
#include "tasks/write_options.hpp"

namespace tasks {

// What stands in the log of a write that asked and was not carried out.
struct AskedDuplicates {
  connectors::salesforce::Duplicates found{};
  std::string key_value{};  // of the upsert that asked: whatever follows it is about the same record
  bool unclear = false;     // an earlier try of it may have made the record
};

engine::Answer duplicates_answer(const AskedDuplicates& asked);
// Of the last of a task's answers, where it is one of these.
std::optional<AskedDuplicates> asked_duplicates(std::span<const engine::Answer> so_far);

// The step that writes `change` with what the document asks of the org beside it, and with the notes on it: asking
// first where duplicates are allowed and `asked` is not there yet.
engine::Step write_with(const WriteOptions& options, connectors::salesforce::RecordChange change, engine::Effect effect,
                        const std::optional<AskedDuplicates>& asked, std::vector<engine::Note> notes);
// The end of a task whose write was carried out: its answer. `created` is null where the first try of it may have made
// the record.
engine::Step done_with_write(std::span<const engine::Answer> so_far);

}  // namespace tasks
