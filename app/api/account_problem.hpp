// The status of what linking refuses.
#pragma once

#include "app/api/problem.hpp"
#include "base/error.hpp"

namespace app::api {

base::http::Response account_problem(const base::Error& error);

}  // namespace app::api
