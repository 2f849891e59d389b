// Who may reach a route: decided before its handler, for every route in the same way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/context.hpp"
#include "engine/people.hpp"

namespace app::api {

enum class Access {
  open,                 // anyone
  hook,                 // whoever knows the address
  known,                // any known token, the operator's too
  signed_in,            // users
  self_or_brand_admin,  // the user whom {id} names, and brand admins
  brand_admin,
  brand_admin_or_operator,
  operator_only,
};

// What {id} in the pattern names, and the least right over its project; of an account, `view` is whoever may know of
// it, `owner` its holder or, of a shared one, any brand admin.
struct Needed {
  enum class On { nothing, project, workflow, run, account };
  On on = On::nothing;
  engine::Right right = engine::Right::none;
};

struct Entry {
  std::optional<Principal> principal{};           // none on open routes
  std::optional<base::http::Response> refusal{};  // 401, 403, or 404 where the asker must not learn what there is
};

base::awaitable<Entry> enter(Context& context, Access access, Needed needed, const Request& request);

// The projects that a user may see: ids; nullopt: every one of the brand.
std::optional<std::vector<std::string>> visible_projects(const Context& context, const Principal& who);

// For handlers that learn the project from the body: 404 without any right, 403 with too small a one.
std::optional<base::http::Response> refuse_without(engine::Right needed, const Context& context, const Principal& who,
                                                   std::string_view project);

}  // namespace app::api
