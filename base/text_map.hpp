// Maps and sets by text that are searched by a view, without a copy of what is looked for.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace base {

struct TextHash : std::hash<std::string_view> {
  using is_transparent = void;
};

template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;
using TextSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;

}  // namespace base
