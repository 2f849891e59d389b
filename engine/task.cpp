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

}  // namespace engine
