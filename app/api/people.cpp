// Licence, users, and who owns a project.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "base/crypto.hpp"
#include "base/id.hpp"
#include "base/json_writer.hpp"

namespace app::api {

// {"extensions": ["salesforce"]}
Answer put_license(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  std::vector<std::string> extensions;
  std::vector<std::string> keys;
  for (const nlohmann::json& entry : body->at("extensions")) {
    extensions.push_back(entry.get<std::string>());
    keys.push_back("license:" + extensions.back());
  }
  co_await context.services.people.set_extensions(who.user, who.brand, std::move(extensions));
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(keys));
  base::JsonWriter json;
  json.begin_object();
  json.field("extensions", base::JsonText{body->at("extensions").dump()});
  json.field("released", lifted);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

// {"name": "maria", "role": "user"}: answers with a token of that user, shown this once.
Answer post_user(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string name = text_of(*body, "name");
  const std::string role = body->value("role", "user");
  if (context.services.people.user_named(who.brand, name))
    co_return problem(409, "user_exists", "there is a user of that name");
  engine::User user{base::random_id("usr_", context.services.random), name,
                    role == "user" ? engine::Role::user : engine::Role::brand_admin};
  const std::string id = user.id;
  const std::string token = "slt_" + base::to_base32(context.services.random.bytes(20));
  co_await context.services.people.add_user(who.user, who.brand, std::move(user));
  engine::ApiToken made{base::random_id("tok_", context.services.random), id, "first token"};
  co_await context.services.people.add_token(who.user, who.brand, std::move(made), base::to_hex(base::sha256(token)));
  base::JsonWriter json;
  json.begin_object();
  json.field("id", id);
  json.field("name", name);
  json.field("role", role);
  json.field("token", token);
  json.end_object();
  co_return base::http::json_response(201, json.take());
}

// {"user": "usr_…"}
Answer put_owner(Context& context, const Principal& who, Request& request) {
  const std::string project(request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string user = text_of(*body, "user");
  if (!context.services.people.user(who.brand, user))
    co_return problem(422, "user_unknown", "'user' must be the id of a user of this brand");
  co_await context.services.people.set_owner(who.user, who.brand, project, user);
  std::vector<std::string> keys{"project:" + project};
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(keys));
  base::JsonWriter json;
  json.begin_object();
  json.field("project", project);
  json.field("owner", user);
  json.field("released", lifted);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
