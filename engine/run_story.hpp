// What a run's log says, sorted by the tasks that it is about.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/fact.hpp"
#include "engine/run.hpp"
#include "engine/task.hpp"

namespace engine {

// Everything the log says of one task, in order.
struct TaskStory {
  std::vector<const Fact*> facts;
  TaskProgress progress;
  const Fact* allowed = nullptr;  // the last start on an account
  std::optional<Effect> effect;
  bool unsure = false;
};

struct RunStory {
  Run run;
  std::vector<TaskStory> tasks;
};

// `facts` outlive the story.
RunStory fold_story(std::size_t tasks, std::span<const Fact> facts);

// The last thing that was said of it: why it failed, is held or was skipped.
std::string why(const TaskStory& task);

}  // namespace engine
