#include "engine/edit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/authorisation.hpp"

namespace engine {
namespace {

Binding made_sound(Binding binding) {
  binding.awaits = false;
  binding.awaits_editor.clear();
  binding.awaits_version = 0;
  return binding;
}

}  // namespace

bool uses_accounts(const WorkflowDefinition& definition, const Catalog& catalog) {
  const TriggerType* trigger = catalog.trigger(definition.trigger.type);
  return (trigger && !trigger->extension().empty()) || !used_aliases(definition, catalog).empty();
}

std::vector<UsedAlias> used_aliases(const WorkflowDefinition& definition, const Catalog& catalog) {
  std::vector<UsedAlias> used;
  for (const TaskDefinition& task : definition.tasks) {
    const TaskType* type = catalog.task(task.type);
    if (!type || type->extension().empty()) continue;
    auto at = std::find_if(used.begin(), used.end(), [&](const UsedAlias& one) {
      return one.alias == task.account && one.extension == type->extension();
    });
    if (at == used.end()) at = used.insert(at, UsedAlias{task.account, std::string(type->extension()), {}});
    at->tasks.push_back(task.id);
  }
  return used;
}

std::string unlicensed_extension(const WorkflowDefinition& definition, const Catalog& catalog, const Brand& brand) {
  const auto lacks = [&](std::string_view extension) {
    return !extension.empty() &&
           std::find(brand.extensions.begin(), brand.extensions.end(), extension) == brand.extensions.end();
  };
  const TriggerType* trigger = catalog.trigger(definition.trigger.type);
  if (trigger && lacks(trigger->extension())) return std::string(trigger->extension());
  for (const UsedAlias& used : used_aliases(definition, catalog)) {
    if (lacks(used.extension)) return used.extension;
  }
  return "";
}

std::vector<Invalidated> invalidated_by(const Edit& edit) {
  std::vector<Invalidated> all;
  if (!edit.uses_accounts || edit.editor == edit.creator) return all;
  for (const BoundAlias& bound : edit.bindings) {
    if (!bound.account) continue;
    const std::string& alias = bound.binding.alias;
    if (!bound.account->shared_kind) {
      all.push_back({bound.binding, *bound.account, fmt::format("'{}' is bound to a personal account", alias)});
    } else if (grounds_to_use(*bound.account, edit.editor, edit.editor_groups).empty()) {
      all.push_back({bound.binding, *bound.account,
                     fmt::format("'{}' is bound to the shared account '{}', which this editor may not use", alias,
                                 bound.account->name)});
    }
  }
  return all;
}

std::vector<Binding> changed_bindings(const Edit& edit, std::int64_t version) {
  std::vector<Binding> changed;
  if (edit.editor == edit.creator) {
    for (const BoundAlias& bound : edit.bindings) {
      if (bound.binding.awaits) changed.push_back(made_sound(bound.binding));
    }
    return changed;
  }
  for (const Invalidated& one : invalidated_by(edit)) {
    Binding binding = one.binding;
    binding.awaits = true;
    binding.awaits_editor = edit.editor;
    binding.awaits_version = version;
    changed.push_back(std::move(binding));
  }
  return changed;
}

}  // namespace engine
