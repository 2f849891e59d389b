// Public ids of trigger events and runs. They derive from brand, source, dedup key, workflow and replay, so they are
// the same again when a commit was lost; and a run's id begins with its event's hash, so one unique index finds both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

// 96 bits in base32: unique within a brand.
std::string event_hash(std::string_view brand_id, std::string_view source, std::string_view dedup_key);

// "run_" + the event's hash + 32 bits of (workflow, replay).
std::string run_id(std::string_view event_hash, std::string_view workflow_id, int replay);

// Of the child run for the `number`th item of a task's list: "run_….rows.3".
std::string item_run_id(std::string_view parent_id, std::string_view task_id, int number);

// Such an id taken apart; nullopt when it is of no child run.
struct ItemRunId {
  std::string parent{};
  std::string task{};
  int number = 0;
};
std::optional<ItemRunId> read_item_run_id(std::string_view run_id);

// The event's hash inside a run's id; nullopt when it is no run id.
std::optional<std::string> event_hash_of(std::string_view run_id);

// The same for every attempt and every replay of one write. `item`: the id of the item it is made for, or "".
inline constexpr std::size_t effect_key_length = 30;  // "eff_" and 128 bits in base32
std::string effect_key(std::string_view root_run_id, std::string_view task_id, std::string_view item, int write);

}  // namespace engine
