#include "engine/catalog.hpp"

#include <utility>

namespace engine {
namespace {

template <class Types>
auto type_named(const Types& types, std::string_view name) -> decltype(types.front().get()) {
  for (const auto& type : types) {
    if (type->name() == name) return type.get();
  }
  return nullptr;
}

template <class Types>
std::vector<std::string> names_of_types(const Types& types) {
  std::vector<std::string> names;
  for (const auto& type : types) names.emplace_back(type->name());
  return names;
}

}  // namespace

Catalog::Catalog(std::vector<std::unique_ptr<TaskType>> tasks, std::vector<std::unique_ptr<TriggerType>> triggers)
    : tasks_(std::move(tasks)), triggers_(std::move(triggers)) {}

TaskType* Catalog::task(std::string_view name) const { return type_named(tasks_, name); }
TriggerType* Catalog::trigger(std::string_view name) const { return type_named(triggers_, name); }
std::vector<std::string> Catalog::task_names() const { return names_of_types(tasks_); }
std::vector<std::string> Catalog::trigger_names() const { return names_of_types(triggers_); }

}  // namespace engine
