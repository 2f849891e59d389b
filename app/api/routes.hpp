// The HTTP API: every route on one screen.
#pragma once

#include "app/api/context.hpp"
#include "base/http/server.hpp"

namespace app::api {

// `context` must outlive the router.
void add_routes(base::http::Router& router, Context& context);

}  // namespace app::api
