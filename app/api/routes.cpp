#include "app/api/routes.hpp"

#include <memory>
#include <utility>

#include "app/api/handlers.hpp"
#include "app/api/openapi.hpp"
#include "app/api/problem.hpp"
#include "app/api/route_table.hpp"
#include "schemas/embedded.hpp"

namespace app::api {
namespace {

// Read when the first body comes: a start takes milliseconds, and so should stay.
class BodyCheck {
 public:
  base::Findings operator()(const Route& route, const Request& request) {
    if (!description_) description_.emplace(schemas::text_of("openapi.json"));
    return description_->check_body({std::string(route.method), std::string(route.pattern)}, request.body);
  }

 private:
  std::optional<ApiDescription> description_;
};

struct Api {
  Context& context;
  BodyCheck check_body{};
};

Answer answer_route(std::shared_ptr<Api> api, const Route& route, Request& request) {
  Entry entry = co_await enter(api->context, route.access, route.needed, request);
  if (entry.refusal) co_return *std::move(entry.refusal);
  if (const OpenHandler* open = std::get_if<OpenHandler>(&route.handler))
    co_return co_await (*open)(api->context, request);
  const bool takes_body = request.method != "GET" && request.method != "HEAD";
  if (takes_body) {
    const base::Findings findings = api->check_body(route, request);
    if (base::has_errors(findings)) co_return body_problem(findings);
  }
  co_return co_await std::get<Handler>(route.handler)(api->context, *entry.principal, request);
}

}  // namespace

void add_routes(base::http::Router& router, Context& context) {
  auto api = std::make_shared<Api>(context);
  for (const Route& route : route_table()) {
    router.add(std::string(route.method), std::string(route.pattern),
               [api, &route](Request& request) { return answer_route(api, route, request); });
  }
}

base::http::Headers security_headers() {
  return {{"x-content-type-options", "nosniff"},
          {"content-security-policy", "default-src 'none'; frame-ancestors 'none'"},
          {"referrer-policy", "no-referrer"},
          {"cache-control", "no-store"}};
}

Answer show_description(Context&, Request&) {
  base::http::Response answer = base::http::json_response(200, std::string(schemas::text_of("openapi.json")));
  answer.headers.emplace_back("cache-control", "no-cache");
  co_return answer;
}

}  // namespace app::api
