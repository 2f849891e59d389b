// `sluice serve` under load: start, memory, throughput and latency.
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace bench {

// Prints as it goes; `folder` is its own.
nlohmann::json measure_serve(const std::string& program, const std::filesystem::path& folder, double seconds,
                             int windows);

}  // namespace bench
