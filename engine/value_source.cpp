#include "engine/value_source.hpp"

namespace engine {

std::string to_string(const Pipe& pipe) { return "${" + pipe.scheme + "://" + pipe.path + "}"; }

}  // namespace engine
