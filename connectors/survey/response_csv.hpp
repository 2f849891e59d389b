// A CSV export of responses: a row of names, a row of wordings, a row of import ids, then a row for each response.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.hpp"
#include "connectors/survey/response_file.hpp"

namespace connectors::survey {

// As read_responses() promises. Import ids are the keys of the API, so that a row becomes the same response.
base::Status read_csv_responses(std::string_view text, const ResponseFileOptions& options,
                                const std::function<bool(FileResponse&&)>& take);

}  // namespace connectors::survey
