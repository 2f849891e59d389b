#include "engine/task.hpp"

namespace engine {

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::repeatable: return "repeatable";
    case Effect::keyed: return "keyed";
    case Effect::author_decides: return "author_decides";
  }
  return "";
}

std::optional<Effect> effect_named(std::string_view word) {
  for (const Effect effect : {Effect::repeatable, Effect::keyed, Effect::author_decides})
    if (word == to_string(effect)) return effect;
  return std::nullopt;
}

}  // namespace engine
