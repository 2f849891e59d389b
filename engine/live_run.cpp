#include "engine/live_run.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace engine {

base::Result<base::Value> RunValues::value(const Pipe& pipe) const {
  if (pipe.scheme != "task") {
    if (event_) return event_->value(pipe);
    return base::Value{};
  }
  const std::string_view path = pipe.path;
  const std::size_t slash = path.find('/');
  const std::string_view id = path.substr(0, slash);
  const std::string_view member = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  const std::optional<std::size_t> index = definition_.index_of(id);
  if (!index) return base::Error{piped_text_broken, fmt::format("there is no task '{}'", id)};
  for (const auto& [name, value] : run_.tasks[*index].output) {
    if (name == member) return value;
  }
  return base::Value{};
}

}  // namespace engine
