// The files of samples/, as they stand in the program: what `demo` plays and `new` starts from.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace samples {

// (path below samples/, text), in the order of the paths.
std::span<const std::pair<std::string_view, std::string_view>> embedded_files();

// Throws std::out_of_range for a file that is not there.
inline std::string_view text_of(std::string_view path) {
  for (const auto& [file, text] : embedded_files()) {
    if (file == path) return text;
  }
  throw std::out_of_range("there is no sample " + std::string(path));
}

}  // namespace samples
