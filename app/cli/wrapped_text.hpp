// A sentence over several lines of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace app::cli {

// Broken between words into lines of at most `columns`; a longer word stands whole. At least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

}  // namespace app::cli
