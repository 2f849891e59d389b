// API tokens of a user: the user's own business, and the brand admins'.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "app/new_token.hpp"

namespace app::api {
namespace {

void write_token_members(base::JsonWriter& json, const engine::ApiToken& token) {
  json.field("id", token.id);
  json.field("user", token.user);
  json.field("label", token.label);
  json.field("created_at", base::to_iso8601(token.created_at));
}

}  // namespace

Answer list_tokens(Context& context, const Principal& who, Request& request) {
  PageRequest read = read_page(request);
  if (read.refusal) co_return *std::move(read.refusal);
  std::vector<engine::ApiToken> tokens = context.services.people.tokens(who.brand, request.param("id"));
  std::ranges::sort(tokens, {}, &engine::ApiToken::id);
  const auto write = [](base::JsonWriter& json, const engine::ApiToken& token) {
    json.begin_object();
    write_token_members(json, token);
    json.end_object();
  };
  co_return page_of("tokens", tokens, read.page, [](const engine::ApiToken& token) { return token.id; }, write);
}

Answer post_token(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  const NewToken token = new_token(context.services.random);
  engine::ApiToken made{token.id, std::string(request.param("id")), text_of(*body, "label"),
                        context.services.clock.now()};
  base::JsonWriter json;
  json.begin_object();
  write_token_members(json, made);
  json.field("token", token.text);
  json.end_object();
  co_await context.services.people.add_token(who.user, who.brand, std::move(made), token.hash);
  co_return base::http::json_response(201, json.take());
}

// Acts at once: the next request with it is answered with 401.
Answer delete_token(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("token"));
  const std::vector<engine::ApiToken> tokens = context.services.people.tokens(who.brand, request.param("id"));
  if (std::ranges::find(tokens, id, &engine::ApiToken::id) == tokens.end())
    co_return problem(404, "token_unknown", "the user has no such token");
  co_await context.services.people.revoke_token(who.user, who.brand, id);
  co_return base::http::Response{204, {}, ""};
}

}  // namespace app::api
