// Response mapping: how quickly a mapping is checked, tested and carried out.
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace bench {

// Prints as it goes; `folder` is its own.
nlohmann::json measure_mapping(const std::string& program, const std::filesystem::path& folder, int windows);

}  // namespace bench
