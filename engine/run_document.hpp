// One run told as a JSON document: what the API answers, `runs show` draws and the console will show.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json_text.hpp"
#include "base/json_writer.hpp"
#include "engine/definition.hpp"
#include "engine/diagnosis.hpp"
#include "engine/fact.hpp"
#include "engine/run_history.hpp"

namespace engine {

// The address a person can open for a record on an account, or "".
using RecordLink = std::function<std::string(const std::string& account_id, const std::string& record_id)>;
struct RunDocumentParts {
  const RunRow& run;
  const WorkflowDefinition& definition;
  const std::vector<Fact>& facts;
  std::vector<RunRow> children{};  // child runs, in the order of their lists
  RecordLink record_link{};
  AccountLookUp account{};
  // The user who reads it. Who does not hold a personal account sees of it only environment and org id. nullopt: reads
  // the data directory itself, and so sees everything.
  std::optional<std::string> viewer{};
  // What was sent and answered, value by value, is for those who may edit the workflow.
  bool shows_content = true;
};

// {id, workflow{…}, state, code?, items?, hook, event{…}, project, owner, creator, auth_epoch, replay, received_at,
//  ended_at?, replay_of?, parent? {run, task, item}, tasks: [{id, type, account?, for_each? {list, items, left_out,
//  succeeded, failed, …, children[]}, after[], column, state, code?, message?, effect?, unsure?, attempts[], notes[]?,
//  held?, output?, record?}], history: [{at, task?, what, message}]}
base::JsonText run_document(const RunDocumentParts& parts);

// The member "items" of a run that waits for them: {all, and of each state that there is, how many}.
void write_run_items(base::JsonWriter& json, const RunItems& items);

}  // namespace engine
