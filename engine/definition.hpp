// One immutable version of a workflow's document: its trigger and its graph of tasks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.hpp"
#include "base/json_document.hpp"
#include "base/json_text.hpp"
#include "engine/condition.hpp"
#include "engine/retry_policy.hpp"

namespace engine {

enum class On { succeeded, failed, finished };  // finished includes skipped
enum class OnFailure { go_on, stop };           // in documents: continue, stop
enum class OnUnclear { hold, retry };

struct Edge {
  std::size_t from;  // index into WorkflowDefinition::tasks
  On on = On::succeeded;
  bool implied = false;  // made by a ${task://…}, not by `after`
};

// The task once for every item of a list.
struct ForEach {
  Pipe list{};
  int items_max = 200;  // a longer list fails the task: nothing of it is begun
};

// A workflow's use of a task.
struct TaskDefinition {
  std::string id;
  std::string type;
  std::string account{};      // alias; empty where the type needs none
  std::vector<Edge> after{};  // all of them must hold
  std::optional<Condition> when{};
  std::optional<ForEach> for_each{};
  RetryPolicy retry{};
  OnFailure on_failure = OnFailure::go_on;
  OnUnclear on_unclear = OnUnclear::hold;
  base::JsonText with{};  // belongs to the task type

  std::string pointer() const;  // "/tasks/<id>", escaped
};

struct TriggerDefinition {
  std::string type;
  std::string survey{};  // empty: any
  std::optional<Condition> when{};
};

struct WorkflowDefinition {
  std::string name;
  std::string fingerprint;  // SHA-256 of the document's canonical JSON, hex; the same document, the same version
  base::JsonText
      document;  // canonical: keys sorted, but the tasks in the author's order, which gives them their indices
  TriggerDefinition trigger;
  std::vector<TaskDefinition> tasks;  // in the document's order; indices are used everywhere

  std::optional<std::size_t> index_of(std::string_view id) const;
};

class Catalog;

struct DefinitionCheck {
  std::optional<WorkflowDefinition> definition;  // present when no finding is an error
  base::Findings findings;                       // located (file, line, column)
};

// The one way from a document to a definition: reading, the schema of the document and of each task's `with`, names,
// edges, cycles, conditions, pipes, and each task type's own check. All faults at once.
DefinitionCheck check_definition(const base::JsonDocument& document, const Catalog& catalog);

std::string_view to_string(On on);

}  // namespace engine
