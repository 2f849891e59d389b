// The paths that only tests use, below /_local.
#include "local_org/local_paths.hpp"

#include <optional>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "local_org/local_answers.hpp"

namespace local_org {

base::http::Response LocalPaths::answer(const base::http::ServerRequest& request) {
  const std::string& method = request.method;
  if (request.path == "/_local/calls") {
    if (method == "GET") return base::http::json_response(200, calls_.to_json(request.query));
    if (method != "DELETE") return local_refusal(405, "/_local/calls takes GET and DELETE");
    calls_.clear();
    return local_done();
  }
  if (request.path == "/_local/faults") {
    if (method == "GET") return base::http::json_response(200, faults_.to_json());
    if (method == "DELETE") {
      faults_.clear();
      return local_done();
    }
    if (method != "POST") return local_refusal(405, "/_local/faults takes GET, POST and DELETE");
    const std::string flaw = faults_.add(request.body);
    return flaw.empty() ? local_done() : local_refusal(400, flaw);
  }
  if (request.path == "/_local/expire")
    return method == "POST" ? expire(request.body) : local_refusal(405, "/_local/expire takes POST");
  if (request.path == "/_local/policies") return policies(request);
  if (request.path == "/_local/users") return permission_paths_.users(request);
  if (request.path == "/_local/profiles") return permission_paths_.profiles(request);
  if (request.path == "/_local/permission_sets") return permission_paths_.permission_sets(request);
  return local_refusal(
      404,
      "there is /_local/calls, /_local/expire, /_local/faults, /_local/permission_sets, /_local/policies, "
      "/_local/profiles and /_local/users");
}

// {"access_tokens": true, "refresh_token": true | "…", "access_token": "…", "client_secret": true | "restore",
//  "sessions_of": "username", "approvals_of": "username", "user": "username"}: the last is both
base::http::Response LocalPaths::expire(const std::string& body) {
  const base::Result<nlohmann::json> wanted = base::parse_json(body);
  if (!wanted || !wanted->is_object()) return local_refusal(400, "what to expire is a JSON object");
  for (const auto& [key, value] : wanted->items()) {
    const bool names_one = value.is_string();
    if (key == "access_tokens" && value == true) {
      sessions_.end_all_sessions();
    } else if (key == "refresh_token" && value == true) {
      sessions_.end_all_approvals();
    } else if ((key == "refresh_token" || key == "access_token") && names_one) {
      if (!sessions_.revoke(value.get<std::string>())) return local_refusal(404, "there is no such " + key);
    } else if ((key == "sessions_of" || key == "approvals_of" || key == "user") && names_one) {
      const std::optional<std::string> user_id = users_.find(value.get<std::string>());
      if (!user_id) return local_refusal(404, "there is no such user");
      if (key != "sessions_of") sessions_.end_approvals_of(*user_id);
      if (key != "approvals_of") sessions_.end_sessions_of(*user_id);
    } else if (key == "client_secret" && (value == true || value == "restore")) {
      sessions_.break_client_secret(value == true);
    } else {
      return local_refusal(400, "cannot expire '" + key + "' that way");
    }
  }
  return local_done();
}

// GET shows all, PUT changes those that it names.
base::http::Response LocalPaths::policies(const base::http::ServerRequest& request) {
  if (request.method == "PUT") {
    base::Result<AppPolicies> wanted = changed(policies_, request.body);
    if (!wanted) return local_refusal(400, wanted.error().message);
    policies_ = *std::move(wanted);
    org_.store().set_setting(policies_setting, to_json(policies_).text);
  } else if (request.method != "GET") {
    return local_refusal(405, "/_local/policies takes GET and PUT");
  }
  return base::http::json_response(200, to_json(policies_).text);
}

}  // namespace local_org
