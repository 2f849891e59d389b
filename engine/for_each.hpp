// A task with `for_each` as its run sees it: one child run for each item first, and done when all of them have ended.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "engine/definition.hpp"
#include "engine/item.hpp"
#include "engine/run.hpp"
#include "engine/task.hpp"

namespace engine {

// How one child run ended.
struct ItemEnd {
  int number = 0;
  RunState state = RunState::succeeded;
  std::string code{};
  std::string message{};
  base::JsonText output{};  // of its task; empty where it has none
};

// Children first, Done after their answer. A blank item is left out, and so is one for which the task's `when`, where
// it looks at the item, does not hold. A list without anything to do is done with a count of 0. When an item has not
// succeeded, the task has failed once all have ended; `on_failure` and the edges behind it decide what follows.
class ForEachTask final : public CompiledTask {
 public:
  // The definition outlives it and has a `for_each`.
  explicit ForEachTask(const TaskDefinition& definition) : definition_(definition) {}
  base::Result<Step> next(const TaskInput& input, std::span<const Answer> so_far) const override;

 private:
  base::Result<Step> spread(const ValueSource& values) const;
  base::Result<Step> sum_up(const Answer& answer) const;
  base::Result<bool> is_meant(const ValueSource& values, const ChildItem& item) const;

  const TaskDefinition& definition_;
};

// Whether the condition looks at the item: then it is judged for each of them.
bool looks_at_item(const Condition& condition);

// What a run keeps of the items of its child runs, and one of them found in it again.
base::JsonText freeze_items(const Children& children);
std::optional<Item> frozen_item(const base::JsonText& frozen, int number);
struct FrozenCount {
  int items = 0;
  int left_out = 0;
};
FrozenCount count_frozen(const base::JsonText& frozen);

// The answer to Children.
base::JsonText answer_of_children(const base::JsonText& frozen, std::span<const ItemEnd> ends);

}  // namespace engine
