// The HTTP API: the route table on a router, and what every answer carries.
#pragma once

#include "app/api/context.hpp"
#include "base/http/server.hpp"

namespace app::api {

// Each route behind its access, its right and the check of its body. `context` must outlive the router.
void add_routes(base::http::Router& router, Context& context);

// For base::http::ServerOptions: nothing is guessed, framed, run or kept from an answer that does not say otherwise.
base::http::Headers security_headers();

}  // namespace app::api
