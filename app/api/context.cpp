#include "app/api/context.hpp"

#include "app/api/problem.hpp"
#include "base/crypto.hpp"

namespace app::api {
namespace {

std::optional<Principal> principal_of(const Context& context, const base::http::ServerRequest& request) {
  const std::optional<std::string_view> header = base::http::find_header(request.headers, "authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (!header || !header->starts_with(scheme)) return std::nullopt;
  const std::string hash = base::to_hex(base::sha256(header->substr(scheme.size())));
  const engine::PeopleStore& people = context.services.people;
  const std::optional<engine::PeopleStore::Principal> found = people.principal_of_token(hash);
  if (!found) return std::nullopt;
  const std::optional<engine::User> user = people.user(found->brand, found->user);
  return Principal{found->brand, people.brand(found->brand)->id, found->user, user ? user->role : engine::Role::user};
}

base::awaitable<base::http::Response> answer(Context& context, const SignedInHandler& handler, bool admins,
                                             base::http::ServerRequest& request) {
  const std::optional<Principal> principal = principal_of(context, request);
  if (!principal) co_return problem(401, "token_unknown", "send a known API token as 'Authorization: Bearer …'");
  if (admins && principal->role != engine::Role::brand_admin)
    co_return problem(403, "brand_admin_only", "only a brand admin may do this");
  co_return co_await handler(context, *principal, request);
}

}  // namespace

base::http::Handler signed_in(Context& context, SignedInHandler handler) {
  return [&context, handler = std::move(handler)](base::http::ServerRequest& request) {
    return answer(context, handler, false, request);
  };
}

base::http::Handler admins_only(Context& context, SignedInHandler handler) {
  return [&context, handler = std::move(handler)](base::http::ServerRequest& request) {
    return answer(context, handler, true, request);
  };
}

}  // namespace app::api
