// `sluice runs causes`: why runs have failed or wait, each reason once, with how many runs it stops.
#pragma once

#include <string>

#include "app/cli/terminal_text.hpp"
#include "app/cli/verb.hpp"
#include "base/json_text.hpp"

namespace app::cli {

void add_runs_causes(VerbGroup& runs);

// A block for each: how many runs of what, the other side's code, fields and message as they are, and how to go on.
std::string causes_picture(const base::JsonText& document, const PictureOptions& options);

}  // namespace app::cli
