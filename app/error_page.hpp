// The pages of docs/errors, as they are in the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace app {

std::vector<std::string> codes_with_page();
// "" for a code that has none.
std::string_view error_page(std::string_view code);
// The first sentence below "What happened" and below "What to do", each on one line; "" where there is no such part.
std::string what_happened(std::string_view page);
std::string what_to_do(std::string_view page);

}  // namespace app
