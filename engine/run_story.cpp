#include "engine/run_story.hpp"

namespace engine {
namespace {

// A take-over is a fact of the run, and the end of every attempt that was under way; a cancellation is the end of every
// task that had none.
void tell_interruptions(RunStory& story, const Fact& fact) {
  for (std::size_t i = 0; i < story.tasks.size(); ++i) {
    const TaskState state = story.run.tasks[i].state;
    const bool is_meant = fact.what == What::taken ? state == TaskState::running : !is_over(state);
    if (is_meant) story.tasks[i].facts.push_back(&fact);
  }
}

// A take-over is told by no further fact of a task where none follows, since the run was cancelled.
void tell_doubts(RunStory& story) {
  for (std::size_t i = 0; i < story.tasks.size(); ++i)
    story.tasks[i].unsure = story.tasks[i].unsure || story.run.tasks[i].unclear_before;
}

}  // namespace

RunStory fold_story(std::size_t tasks, std::span<const Fact> facts) {
  RunStory story;
  story.run.tasks.resize(tasks);
  story.tasks.resize(tasks);
  for (const Fact& fact : facts) {
    const bool is_cancelled = fact.what == What::ended && fact.code == to_string(RunState::cancelled);
    if (fact.what == What::taken || is_cancelled) tell_interruptions(story, fact);
    apply(story.run, fact);
    if (fact.what == What::taken) tell_doubts(story);
    if (fact.task < 0) continue;
    const auto index = static_cast<std::size_t>(fact.task);
    TaskStory& task = story.tasks.at(index);
    task.facts.push_back(&fact);
    if (!fact.account.empty()) task.allowed = &fact;
    if (fact.what == What::started && fact.is_write) task.effect = fact.effect;
    task.unsure = task.unsure || story.run.tasks[index].unclear_before;
  }
  for (std::size_t i = 0; i < story.tasks.size(); ++i) story.tasks[i].progress = story.run.tasks[i];
  return story;
}

std::string why(const TaskStory& task) {
  for (auto fact = task.facts.rbegin(); fact != task.facts.rend(); ++fact) {
    if (!(*fact)->message.empty()) return (*fact)->message;
  }
  return "";
}

}  // namespace engine
