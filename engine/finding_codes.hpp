// The codes of what can be wrong with a workflow's document, beyond broken JSON and what a schema refuses.
#pragma once

#include <cstddef>

namespace engine::finding {

// More than anyone reads, and a bound on what a hostile document costs: nothing more is looked for then.
inline constexpr std::size_t findings_max = 500;

inline constexpr const char* account_missing = "account_missing";
inline constexpr const char* account_not_used = "account_not_used";
inline constexpr const char* compared_with_blank = "compared_with_blank";
inline constexpr const char* condition_unclear = "condition_unclear";
inline constexpr const char* cycle = "cycle";
inline constexpr const char* duplicate_edge = "duplicate_edge";
inline constexpr const char* duration_invalid = "duration_invalid";
inline constexpr const char* for_each_not_a_list = "for_each_not_a_list";
inline constexpr const char* item_not_used = "item_not_used";
inline constexpr const char* name_invalid = "name_invalid";
inline constexpr const char* on_unclear_not_used = "on_unclear_not_used";
inline constexpr const char* pipe_in_operand = "pipe_in_operand";
inline constexpr const char* pipe_unknown = "pipe_unknown";
inline constexpr const char* regex_invalid = "regex_invalid";
inline constexpr const char* retry_delays_crossed = "retry_delays_crossed";
inline constexpr const char* task_pipe_in_trigger = "task_pipe_in_trigger";
inline constexpr const char* task_waits_for_itself = "task_waits_for_itself";
inline constexpr const char* too_many_findings = "too_many_findings";
inline constexpr const char* too_many_tasks = "too_many_tasks";
inline constexpr const char* unknown_task = "unknown_task";
inline constexpr const char* unknown_task_type = "unknown_task_type";
inline constexpr const char* unknown_trigger_type = "unknown_trigger_type";
inline constexpr const char* value_without_pipe = "value_without_pipe";

}  // namespace engine::finding
