// What every handler works with, and who is asking.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/services.hpp"
#include "app/workspace.hpp"
#include "base/http/server.hpp"

namespace app::api {

struct Context {
  Services& services;
  Workspace& workspace;
};

// Whose token the request carries; every handler works inside this brand.
struct Principal {
  engine::BrandId brand{};
  std::string brand_id;
  std::string user;
  engine::Role role = engine::Role::user;
};

using SignedInHandler =
    std::function<base::awaitable<base::http::Response>(Context&, const Principal&, base::http::ServerRequest&)>;

// 401 without a known bearer token.
base::http::Handler signed_in(Context& context, SignedInHandler handler);
// The same, and 403 for anyone but a brand admin.
base::http::Handler admins_only(Context& context, SignedInHandler handler);

}  // namespace app::api
