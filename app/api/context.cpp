#include "app/api/context.hpp"

#include "base/crypto.hpp"

namespace app::api {

std::optional<Principal> principal_of(const Context& context, const Request& request) {
  const std::optional<std::string_view> header = base::http::find_header(request.headers, "authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (!header || !header->starts_with(scheme)) return std::nullopt;
  const std::string hash = base::to_hex(base::sha256(header->substr(scheme.size())));
  const engine::PeopleStore& people = context.services.people;
  if (people.is_operator_token(hash)) return Principal{.kind = Principal::Kind::operator_of_all};
  const std::optional<engine::PeopleStore::Principal> found = people.principal_of_token(hash);
  const std::optional<engine::User> user = found ? people.user(found->brand, found->user) : std::nullopt;
  if (!user) return std::nullopt;
  return Principal{.brand = found->brand,
                   .brand_id = people.brand(found->brand)->id,
                   .user = user->id,
                   .role = user->role,
                   .token = found->token};
}

}  // namespace app::api
