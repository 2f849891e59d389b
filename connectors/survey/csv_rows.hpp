// The rows of a CSV text.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace connectors::survey {

inline constexpr base::ErrorCode csv_invalid{"csv_invalid", base::Kind::permanent};

// Calls `take` with each row, counted from 1; empty lines are none. It ends when `take` says false, and with an error
// where quotes are out of place.
base::Status read_csv_rows(std::string_view text,
                           const std::function<bool(std::size_t number, std::vector<std::string>&& fields)>& take);

}  // namespace connectors::survey
