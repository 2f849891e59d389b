// Why a task of a run has failed, or waits for somebody: the same for all runs that do so for the same reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/definition.hpp"
#include "engine/fact.hpp"
#include "engine/people.hpp"

namespace engine {

struct FailureCause {
  std::string task{};                 // id; empty: the response itself, before any task
  std::string code{};                 // ours
  std::string org_code{};             // the other side's, where it gave one; several with commas
  std::vector<std::string> fields{};  // that it names
  std::string message{};              // in its words where it spoke, without what differs between runs

  friend bool operator==(const FailureCause&, const FailureCause&) = default;
};

// The cause that a `failed` or `held` fact tells of; nullopt for one that only follows from others: a list whose items
// have failed. `task` with an empty id: what was tried was to get the response. `sent`: the step at hand, as JSON.
// A custom validation rule's message is quoted as its author has written it.
std::optional<FailureCause> cause_of(const Fact& fact, const TaskDefinition& task, std::string_view sent);

// Names of fields as one column keeps them, and back.
std::string join_fields(const std::vector<std::string>& fields);
std::vector<std::string> split_fields(std::string_view joined);

// The same for the same cause of a workflow, always.
std::string cause_id(BrandId brand, std::int64_t workflow_no, const FailureCause& cause);

// "FIELD_CUSTOM_VALIDATION_EXCEPTION on Phone__c: call us first"
std::string in_words(const FailureCause& cause);

// How the causes that a run stands under change with one of its steps.
struct CauseChange {
  std::string task{};                   // id; empty: the response itself
  std::optional<FailureCause> cause{};  // none: it stands under none any more
  bool is_hold = false;
  bool needs_epoch = false;  // true only under the epoch of the step
};

}  // namespace engine
