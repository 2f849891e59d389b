// Many runs as a table, and the events that started none.
#pragma once

#include <string>

#include "app/cli/terminal_text.hpp"
#include "base/json_text.hpp"

namespace app::cli {

// {"runs": […]} as the API lists them.
std::string runs_table(const base::JsonText& document, const PictureOptions& options);
// {"not_started": […]}
std::string not_started_table(const base::JsonText& document, const PictureOptions& options);

}  // namespace app::cli
