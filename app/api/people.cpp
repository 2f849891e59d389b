// Who asks, the licence of the own brand, and its users.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/licensing.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "app/new_token.hpp"
#include "base/id.hpp"

namespace app::api {
namespace {

void write_user(base::JsonWriter& json, const engine::User& user) {
  json.begin_object();
  json.field("id", user.id);
  json.field("name", user.name);
  json.field("role", engine::to_string(user.role));
  json.end_object();
}

base::http::Response user_answer(const Context& context, const Principal& who, std::string_view id) {
  const std::optional<engine::User> user = context.services.people.user(who.brand, id);
  if (!user) return problem(404, "user_unknown", "there is no such user");
  base::JsonWriter json;
  write_user(json, *user);
  return base::http::json_response(200, json.take());
}

base::http::Response name_taken() { return problem(409, "user_exists", "there is a user of that name"); }

base::http::Response last_admin() {
  return problem(409, "last_admin", "the brand would be left without an admin; make another user one first");
}

bool is_last_admin(const Context& context, engine::BrandId brand, std::string_view id) {
  for (const engine::User& user : context.services.people.users(brand)) {
    if (user.role == engine::Role::brand_admin && user.id != id) return false;
  }
  return true;
}

// Removed accounts stay for the record, without their secrets.
bool owns_something(const Context& context, const Principal& who, std::string_view id) {
  for (const engine::Project& project : context.services.people.projects(who.brand)) {
    if (project.owner == id) return true;
  }
  for (const connectors::LinkedAccount& account : context.services.accounts.list(who.brand_id)) {
    if (account.owner == id && account.state != connectors::AccountState::removed) return true;
  }
  return false;
}

}  // namespace

Answer show_me(Context& context, const Principal& who, Request&) {
  base::JsonWriter json;
  json.begin_object();
  json.field("kind", who.is_operator() ? "operator" : "user");
  if (!who.is_operator()) {
    json.field("brand", who.brand_id);
    json.key("user");
    write_user(json, *context.services.people.user(who.brand, who.user));
    json.field("token", who.token);
  }
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

Answer show_license(Context& context, const Principal& who, Request&) {
  co_return license_answer(*context.services.people.brand(who.brand));
}

Answer put_license(Context& context, const Principal& who, Request& request) {
  co_return co_await set_license(context, who, who.brand, request);
}

Answer list_users(Context& context, const Principal& who, Request& request) {
  PageRequest read = read_page(request, {"role"});
  if (read.refusal) co_return *std::move(read.refusal);
  std::vector<engine::User> users = context.services.people.users(who.brand);
  const std::string_view role = request.query_value("role");
  std::erase_if(users, [&](const engine::User& user) { return !passes(role, engine::to_string(user.role)); });
  co_return page_of("users", users, read.page, [](const engine::User& user) { return user.id; }, write_user);
}

Answer show_user(Context& context, const Principal& who, Request& request) {
  co_return user_answer(context, who, request.param("id"));
}

// Answers with a token of that user, shown this once.
Answer post_user(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  engine::User user{base::random_id("usr_", context.services.random), text_of(*body, "name"),
                    engine::read_role(text_of(*body, "role")).value_or(engine::Role::user)};
  const std::string id = user.id;
  const bool is_added = co_await context.services.people.add_user(who.user, who.brand, std::move(user));
  if (!is_added) co_return name_taken();
  const NewToken token = new_token(context.services.random);
  engine::ApiToken made{token.id, id, "first token"};
  co_await context.services.people.add_token(who.user, who.brand, std::move(made), token.hash);
  const std::optional<engine::User> added = context.services.people.user(who.brand, id);
  base::JsonWriter json;
  json.begin_object();
  json.field("id", id);
  json.field("name", added->name);
  json.field("role", engine::to_string(added->role));
  json.field("token", token.text);
  json.end_object();
  co_return base::http::json_response(201, json.take());
}

Answer patch_user(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  const std::optional<engine::User> user = context.services.people.user(who.brand, id);
  if (!user) co_return problem(404, "user_unknown", "there is no such user");
  const engine::Role role = engine::read_role(text_of(*body, "role")).value_or(user->role);
  if (role != user->role) {
    const bool is_changed = co_await context.services.people.set_role(who.user, who.brand, id, role);
    if (!is_changed) co_return last_admin();
  }
  std::string name = text_of(*body, "name");
  if (!name.empty() && name != user->name) {
    const bool is_renamed = co_await context.services.people.rename_user(who.user, who.brand, id, std::move(name));
    if (!is_renamed) co_return name_taken();
  }
  co_return user_answer(context, who, id);
}

Answer delete_user(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  if (!context.services.people.user(who.brand, id)) co_return problem(404, "user_unknown", "there is no such user");
  if (is_last_admin(context, who.brand, id)) co_return last_admin();
  if (owns_something(context, who, id))
    co_return problem(409, "user_in_use", "the user owns projects or linked accounts; hand them on or remove them");
  const bool is_removed = co_await context.services.people.remove_user(who.user, who.brand, id);
  if (!is_removed) co_return problem(409, "user_in_use", "the user has got a project or is the last admin by now");
  co_return base::http::Response{204, {}, ""};
}

}  // namespace app::api
