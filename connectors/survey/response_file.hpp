// Files of responses: one as the API gives it, an export as JSON, one response a line, or CSV with its three header
// rows.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "connectors/survey/response.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

struct ResponseFileOptions {
  // Of a CSV export: the number that stands for "seen and not answered" (-99); empty where it was not asked for.
  std::string seen_unanswered{};
  // Makes recodes of labels and lists of joined answers; without it a CSV's answers are judged by their looks.
  const Survey* survey = nullptr;
};

struct FileResponse {
  std::string place;  // "line 3", "row 12", or empty for a file that is one response
  base::Result<Response> response;
};

// Calls `take` for each response of the file in order, until it says false. A response that cannot be read is handed
// over as its error, and the next one is read; the status is an error when the file as a whole cannot be read.
base::Status read_responses(std::string_view text, const ResponseFileOptions& options,
                            const std::function<bool(FileResponse&&)>& take);

}  // namespace connectors::survey
