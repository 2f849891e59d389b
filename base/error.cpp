#include "base/error.hpp"

namespace base {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::transient: return "transient";
    case Kind::throttled: return "throttled";
    case Kind::uncertain: return "uncertain";
    case Kind::blocked: return "blocked";
    case Kind::permanent: return "permanent";
  }
  return "permanent";
}

}  // namespace base
