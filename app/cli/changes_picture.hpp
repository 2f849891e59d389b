// How two documents differ, drawn for a terminal: each place, what stood there and what stands there now.
#pragma once

#include <string>

#include "app/cli/document_tree.hpp"
#include "app/cli/terminal_text.hpp"

namespace app::cli {

// `changes`: [{path, from?, to?}]
std::string changes_picture(const Tree& changes, const PictureOptions& options);

}  // namespace app::cli
