// Places at which a test lets the process die, to see that nothing promised is lost.
#pragma once

#include <string_view>

namespace base {

// Ends the process by SIGKILL when the environment says SLUICE_CRASH_AT="name" or, at the n-th passing, "name:n".
// Costs a comparison otherwise.
void crash_point(std::string_view name);

}  // namespace base
