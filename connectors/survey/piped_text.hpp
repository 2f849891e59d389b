// What a pipe means on a survey response: q://, e://, m://, rm:// and the others of the platform's piped text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/value.hpp"
#include "connectors/survey/pipe_family.hpp"
#include "connectors/survey/response.hpp"

namespace connectors::survey {

// "" when `scheme://path` is a form that responses can answer; else what is wrong and what would be right. With a
// survey also its questions, rows, choices and fields are judged.
std::string what_is_wrong_with(std::string_view scheme, std::string_view path, const Survey* survey = nullptr);

// The typed value: numbers stay numbers, several choices are a list. Nothing there is a Blank that knows whether it was
// shown.
base::Result<base::Value> look_up(const PipeContext& context, std::string_view scheme, std::string_view path);
base::Result<base::Value> look_up(const Response& response, std::string_view scheme, std::string_view path);

}  // namespace connectors::survey
