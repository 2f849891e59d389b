// The files of app/console/, as they stand in the program.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace console {

// (file name, text), in the order of the names.
std::span<const std::pair<std::string_view, std::string_view>> embedded_files();

}  // namespace console
