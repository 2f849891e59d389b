// Brands, for the operator: made with a first admin, licensed, and otherwise closed to the operator.
#include <algorithm>

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

void write_brand_members(base::JsonWriter& json, const engine::Brand& brand) {
  json.field("id", brand.id);
  json.field("name", brand.name);
  json.key("extensions");
  json.begin_array();
  for (const std::string& extension : brand.extensions) json.string(extension);
  json.end_array();
}

void write_brand(base::JsonWriter& json, const engine::Brand& brand) {
  json.begin_object();
  write_brand_members(json, brand);
  json.end_object();
}

base::http::Response no_such_brand() { return problem(404, "brand_unknown", "there is no such brand"); }

}  // namespace

Answer list_brands(Context& context, const Principal&, Request& request) {
  PageRequest read = read_page(request);
  if (read.refusal) co_return *std::move(read.refusal);
  std::vector<engine::Brand> brands = context.services.people.brands();
  std::ranges::sort(brands, {}, &engine::Brand::id);
  co_return page_of("brands", brands, read.page, [](const engine::Brand& brand) { return brand.id; }, write_brand);
}

Answer show_brand(Context& context, const Principal&, Request& request) {
  const engine::Brand* brand = context.services.people.brand(request.param("id"));
  if (!brand) co_return no_such_brand();
  base::JsonWriter json;
  write_brand(json, *brand);
  co_return base::http::json_response(200, json.take());
}

// A brand without an admin would be nobody's: the first one comes with it, and a token for that user.
Answer post_brand(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  engine::PeopleStore& people = context.services.people;
  base::Random& random = context.services.random;
  const engine::BrandId no = people.next_brand();
  engine::Brand brand{no, base::random_id("brd_", random), text_of(*body, "name"),
                      body->value("extensions", std::vector<std::string>())};
  engine::User admin{base::random_id("usr_", random), body->value("admin", "admin"), engine::Role::brand_admin};
  const NewToken token = new_token(random);
  engine::ApiToken made{token.id, admin.id, "first token"};
  base::JsonWriter json;
  json.begin_object();
  write_brand_members(json, brand);
  json.key("admin");
  json.begin_object();
  json.field("id", admin.id);
  json.field("name", admin.name);
  json.field("role", engine::to_string(admin.role));
  json.field("token", token.text);
  json.end_object();
  json.end_object();
  co_await people.add_brand(who.who(), std::move(brand));
  co_await people.add_user(who.who(), no, std::move(admin));
  co_await people.add_token(who.who(), no, std::move(made), token.hash);
  co_return base::http::json_response(201, json.take());
}

Answer put_brand_license(Context& context, const Principal& who, Request& request) {
  const engine::Brand* brand = context.services.people.brand(request.param("id"));
  if (!brand) co_return no_such_brand();
  co_return co_await set_license(context, who, brand->no, request);
}

}  // namespace app::api
