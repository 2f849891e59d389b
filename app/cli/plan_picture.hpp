// A plan drawn for a terminal: whose orgs it is about, what each response would change, field by field, and the sum.
#pragma once

#include <string>

#include "app/cli/terminal_text.hpp"
#include "app/plan.hpp"

namespace app::cli {

std::string plan_head_picture(const PlanHead& head, const PictureOptions& options);
std::string planned_response_picture(const PlannedResponse& response, const PictureOptions& options);
std::string plan_tally_picture(const PlanTally& tally, const PictureOptions& options);

}  // namespace app::cli
