// How answers of the REST API look.
#pragma once

#include <string>

#include "base/http/message.hpp"
#include "local_org/api_error.hpp"

namespace local_org {

base::http::Response rest_json(int status, std::string body);
base::http::Response no_content();
// An array with one error.
base::http::Response error_answer(const ApiError& error);

}  // namespace local_org
