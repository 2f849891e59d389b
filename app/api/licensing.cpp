#include "app/api/licensing.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/problem.hpp"
#include "base/json_writer.hpp"
#include "engine/edit.hpp"
#include "engine/errors.hpp"

namespace app::api {

base::http::Response license_answer(const engine::Brand& brand, std::optional<std::int64_t> released) {
  base::JsonWriter json;
  json.begin_object();
  json.key("extensions");
  json.begin_array();
  for (const std::string& extension : brand.extensions) json.string(extension);
  json.end_array();
  if (released) json.field("released", *released);
  json.end_object();
  return base::http::json_response(200, json.take());
}

Answer set_license(Context& context, const Principal& who, engine::BrandId brand, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  std::vector<std::string> extensions = body->at("extensions").get<std::vector<std::string>>();
  std::vector<std::string> keys;
  for (const std::string& extension : extensions) keys.push_back("license:" + extension);
  co_await context.services.people.set_extensions(who.who(), brand, std::move(extensions));
  const std::int64_t lifted = co_await context.services.lift(brand, std::move(keys));
  co_return license_answer(*context.services.people.brand(brand), lifted);
}

std::optional<base::http::Response> refuse_without_license(const Context& context, const Principal& who,
                                                           std::string_view extension) {
  const engine::Brand* brand = context.services.people.brand(who.brand);
  if (brand && std::ranges::find(brand->extensions, extension) != brand->extensions.end()) return std::nullopt;
  return problem(409, engine::extension_not_licensed.name,
                 fmt::format("the brand's licence has no extension '{}'; the operator puts it back", extension));
}

std::optional<base::http::Response> refuse_without_license(const Context& context, const Principal& who,
                                                           const engine::WorkflowDefinition& definition) {
  const engine::Brand* brand = context.services.people.brand(who.brand);
  const std::string lacking = brand ? engine::unlicensed_extension(definition, context.services.catalog, *brand) : "";
  return lacking.empty() ? std::nullopt : refuse_without_license(context, who, lacking);
}

}  // namespace app::api
