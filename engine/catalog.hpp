// The task types and trigger types a program knows: an explicit list, no registration by itself.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/task.hpp"
#include "engine/trigger.hpp"

namespace engine {

class Catalog {
 public:
  Catalog(std::vector<std::unique_ptr<TaskType>> tasks, std::vector<std::unique_ptr<TriggerType>> triggers);

  // nullptr when unknown.
  TaskType* task(std::string_view name) const;
  TriggerType* trigger(std::string_view name) const;
  std::vector<std::string> task_names() const;
  std::vector<std::string> trigger_names() const;

 private:
  std::vector<std::unique_ptr<TaskType>> tasks_;
  std::vector<std::unique_ptr<TriggerType>> triggers_;
};

}  // namespace engine
