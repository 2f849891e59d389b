// Bytes known to be one JSON value in UTF-8: how JSON travels between rooms.
#pragma once

#include <string>

namespace base {

struct JsonText {
  std::string text;

  bool empty() const { return text.empty(); }
  friend bool operator==(const JsonText&, const JsonText&) = default;
};

}  // namespace base
