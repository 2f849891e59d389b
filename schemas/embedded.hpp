// The schema files, embedded into the program: the manual, the validator and the editor's completion in one.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace schemas {

// Every file with its path below schemas/, sorted.
std::span<const std::pair<std::string_view, std::string_view>> embedded_files();

// The text of one of them, e.g. "tasks/salesforce_create.schema.json"; throws std::out_of_range for an unknown name.
inline std::string_view text_of(std::string_view name) {
  for (const auto& [file, text] : embedded_files()) {
    if (file == name) return text;
  }
  throw std::out_of_range("there is no schema " + std::string(name));
}

}  // namespace schemas
