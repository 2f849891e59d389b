#include "engine/value_source.hpp"

namespace engine {

std::string to_string(const Pipe& pipe) { return "${" + pipe.scheme + "://" + pipe.path + "}"; }

base::Result<Items> ValueSource::items(const Pipe& pipe) const {
  const base::Result<base::Value> found = value(pipe);
  if (!found) return found.error();
  return items_of(*found);
}

base::Result<base::Value> ValueSource::in_item(const Pipe&, const Item&, std::string_view) const {
  return base::Value{};
}

}  // namespace engine
