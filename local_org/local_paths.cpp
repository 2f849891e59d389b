// The paths that only tests use, below /_local.
#include "local_org/local_paths.hpp"

#include <optional>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace local_org {
namespace {

using base::http::Response;

Response done() { return base::http::json_response(200, "{}"); }

Response refuse(int status, const std::string& message) {
  base::JsonWriter json;
  json.begin_object();
  json.field("message", message);
  json.end_object();
  return base::http::json_response(status, json.take());
}

}  // namespace

base::http::Response LocalPaths::answer(const base::http::ServerRequest& request) {
  const std::string& method = request.method;
  if (request.path == "/_local/calls") {
    if (method == "GET") return base::http::json_response(200, calls_.to_json(request.query));
    if (method != "DELETE") return refuse(405, "/_local/calls takes GET and DELETE");
    calls_.clear();
    return done();
  }
  if (request.path == "/_local/faults") {
    if (method == "GET") return base::http::json_response(200, faults_.to_json());
    if (method == "DELETE") {
      faults_.clear();
      return done();
    }
    if (method != "POST") return refuse(405, "/_local/faults takes GET, POST and DELETE");
    const std::string flaw = faults_.add(request.body);
    return flaw.empty() ? done() : refuse(400, flaw);
  }
  if (request.path == "/_local/expire")
    return method == "POST" ? expire(request.body) : refuse(405, "/_local/expire takes POST");
  if (request.path == "/_local/policies") return policies(request);
  if (request.path == "/_local/users") return users(request);
  return refuse(404, "there is /_local/calls, /_local/expire, /_local/faults, /_local/policies and /_local/users");
}

// {"access_tokens": true, "refresh_token": true | "…", "access_token": "…", "client_secret": true | "restore",
//  "sessions_of": "username", "approvals_of": "username", "user": "username"}: the last is both
base::http::Response LocalPaths::expire(const std::string& body) {
  const base::Result<nlohmann::json> wanted = base::parse_json(body);
  if (!wanted || !wanted->is_object()) return refuse(400, "what to expire is a JSON object");
  for (const auto& [key, value] : wanted->items()) {
    const bool names_one = value.is_string();
    if (key == "access_tokens" && value == true) {
      sessions_.end_all_sessions();
    } else if (key == "refresh_token" && value == true) {
      sessions_.end_all_approvals();
    } else if ((key == "refresh_token" || key == "access_token") && names_one) {
      if (!sessions_.revoke(value.get<std::string>())) return refuse(404, "there is no such " + key);
    } else if ((key == "sessions_of" || key == "approvals_of" || key == "user") && names_one) {
      const std::optional<std::string> user_id = users_.find(value.get<std::string>());
      if (!user_id) return refuse(404, "there is no such user");
      if (key != "sessions_of") sessions_.end_approvals_of(*user_id);
      if (key != "approvals_of") sessions_.end_sessions_of(*user_id);
    } else if (key == "client_secret" && (value == true || value == "restore")) {
      sessions_.break_client_secret(value == true);
    } else {
      return refuse(400, "cannot expire '" + key + "' that way");
    }
  }
  return done();
}

// GET shows all, PUT changes those that it names.
base::http::Response LocalPaths::policies(const base::http::ServerRequest& request) {
  if (request.method == "PUT") {
    base::Result<AppPolicies> wanted = changed(policies_, request.body);
    if (!wanted) return refuse(400, wanted.error().message);
    policies_ = *std::move(wanted);
    org_.store().set_setting(policies_setting, to_json(policies_).text);
  } else if (request.method != "GET") {
    return refuse(405, "/_local/policies takes GET and PUT");
  }
  return base::http::json_response(200, to_json(policies_).text);
}

// POST {"username": "…", "password": "…", "first_name": "…", "last_name": "…", "email": "…", "active": true}: makes or
// changes that user. All but the name is optional.
base::http::Response LocalPaths::users(const base::http::ServerRequest& request) {
  if (request.method != "POST") return refuse(405, "/_local/users takes POST");
  const base::Result<nlohmann::json> wanted = base::parse_json(request.body);
  if (!wanted || !wanted->is_object()) return refuse(400, "a user is a JSON object");
  const auto text = [&](const char* name) {
    const auto found = wanted->find(name);
    return found != wanted->end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (text("username").empty()) return refuse(400, "a user has a username");
  const std::string id = users_.add(text("username"));
  const auto set = [&](std::string_view field, base::sql::Value value) { users_.set(id, field, std::move(value)); };
  for (const auto& [name, field] :
       {std::pair{"first_name", "FirstName"}, {"last_name", "LastName"}, {"email", "Email"}}) {
    if (wanted->contains(name)) set(field, text(name));
  }
  if (const auto active = wanted->find("active"); active != wanted->end() && active->is_boolean()) {
    set("IsActive", std::int64_t{active->get<bool>()});
  }
  if (wanted->contains("password")) users_.set_password(id, text("password"));
  base::JsonWriter json;
  json.begin_object();
  json.field("id", id);
  json.field("username", text("username"));
  json.field("password", users_.password(id));
  json.end_object();
  return base::http::json_response(200, json.take());
}

}  // namespace local_org
