#include "engine/graph.hpp"

#include <algorithm>

namespace engine {
namespace {

// Every task behind all it waits for; the tasks of cycles, and those that wait for them, are missing.
std::vector<std::size_t> tasks_in_order(const std::vector<TaskDefinition>& tasks) {
  std::vector<std::vector<std::size_t>> successors(tasks.size());
  std::vector<std::size_t> waits_for(tasks.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    waits_for[i] = tasks[i].after.size();
    for (const Edge& edge : tasks[i].after) successors[edge.from].push_back(i);
    if (waits_for[i] == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const std::size_t successor : successors[order[next]]) {
      if (--waits_for[successor] == 0) order.push_back(successor);
    }
  }
  return order;
}

}  // namespace

std::vector<std::size_t> find_cycle(const std::vector<TaskDefinition>& tasks) {
  std::vector<bool> stuck(tasks.size(), true);
  for (const std::size_t task : tasks_in_order(tasks)) stuck[task] = false;
  const auto first = std::find(stuck.begin(), stuck.end(), true);
  if (first == stuck.end()) return {};

  // A stuck task always waits for another stuck one, so the walk must come back to where it has been.
  std::vector<std::size_t> path{static_cast<std::size_t>(first - stuck.begin())};
  while (true) {
    const auto& after = tasks[path.back()].after;
    const std::size_t next =
        std::find_if(after.begin(), after.end(), [&](const Edge& edge) { return stuck[edge.from]; })->from;
    const auto seen = std::find(path.begin(), path.end(), next);
    if (seen != path.end()) return {seen, path.end()};
    path.push_back(next);
  }
}

std::vector<std::size_t> columns(const std::vector<TaskDefinition>& tasks) {
  std::vector<std::size_t> column(tasks.size(), 0);
  for (const std::size_t task : tasks_in_order(tasks)) {
    for (const Edge& edge : tasks[task].after) column[task] = std::max(column[task], column[edge.from] + 1);
  }
  return column;
}

}  // namespace engine
