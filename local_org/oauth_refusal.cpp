// How OAuth requests bring their parameters and how they are refused.
#include "local_org/oauth_refusal.hpp"

#include <optional>
#include <utility>

#include "base/json_writer.hpp"

namespace local_org {

base::http::Form oauth_parameters(const base::http::ServerRequest& request) {
  base::http::Form form = request.query;
  const std::optional<base::http::Form> body = base::http::parse_form(request.body);
  if (!body) throw OAuthRefusal{"invalid_request", "malformed request body"};
  form.insert(form.begin(), body->begin(), body->end());
  return form;
}

base::http::Response oauth_json(int status, std::string body) {
  return {status,
          {{"content-type", "application/json;charset=UTF-8"}, {"cache-control", "no-store"}, {"pragma", "no-cache"}},
          std::move(body)};
}

base::http::Response oauth_error(const OAuthRefusal& refusal) {
  base::JsonWriter json;
  json.begin_object();
  json.field("error", refusal.error);
  json.field("error_description", refusal.description);
  json.end_object();
  return oauth_json(400, json.take());
}

}  // namespace local_org
