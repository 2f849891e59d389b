// What every handler works with, and who is asking.
#pragma once

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

// Whose token the request carries. A user works inside one brand; the operator makes brands and sees into none.
struct Principal {
  enum class Kind { user, operator_of_all };

  Kind kind = Kind::user;
  engine::BrandId brand{};
  std::string brand_id{};
  std::string user{};  // id
  engine::Role role = engine::Role::user;
  std::string token{};  // its id

  bool is_operator() const { return kind == Kind::operator_of_all; }
  bool is_admin() const { return kind == Kind::user && role == engine::Role::brand_admin; }
  // As the audit log names it.
  std::string who() const { return is_operator() ? "operator" : user; }
};

using Answer = base::awaitable<base::http::Response>;
using Request = base::http::ServerRequest;

// nullopt without a known bearer token.
std::optional<Principal> principal_of(const Context& context, const Request& request);

}  // namespace app::api
