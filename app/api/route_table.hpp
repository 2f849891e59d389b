// Every route of the HTTP API: who may reach it, what answers, and what it is for.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "app/api/access.hpp"
#include "app/api/context.hpp"

namespace app::api {

using OpenHandler = Answer (*)(Context&, Request&);
using Handler = Answer (*)(Context&, const Principal&, Request&);

struct Route {
  std::string_view method;
  std::string_view pattern;
  Access access;
  Needed needed;
  std::variant<OpenHandler, Handler> handler;  // an open one for `open` and `hook`
};

// What each does stands in schemas/openapi.json.
std::span<const Route> route_table();

}  // namespace app::api
