#include "engine/people.hpp"

namespace engine {

std::string_view to_string(Role role) { return role == Role::brand_admin ? "brand_admin" : "user"; }

std::string_view to_string(Right right) {
  switch (right) {
    case Right::none: return "none";
    case Right::view: return "view";
    case Right::run: return "run";
    case Right::edit: return "edit";
    case Right::owner: return "owner";
  }
  return "none";
}

std::optional<Role> read_role(std::string_view word) {
  for (Role role : {Role::user, Role::brand_admin}) {
    if (to_string(role) == word) return role;
  }
  return std::nullopt;
}

std::optional<Right> read_right(std::string_view word) {
  for (Right right : {Right::none, Right::view, Right::run, Right::edit, Right::owner}) {
    if (to_string(right) == word) return right;
  }
  return std::nullopt;
}

}  // namespace engine
