// Everything the org answers, on one thread: its API, its tokens, and the paths that only tests use.
#include "local_org/site.hpp"

#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

using base::http::Response;

bool is_below(std::string_view path, std::string_view root) {
  return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

Response done() { return base::http::json_response(200, "{}"); }

Response refuse(int status, const std::string& message) {
  base::JsonWriter json;
  json.begin_object();
  json.field("message", message);
  json.end_object();
  return base::http::json_response(status, json.take());
}

}  // namespace

Site::Site(const SiteOptions& options, Schema schema, const base::Clock& clock, base::Random& random)
    : clock_(clock),
      org_(options.path, std::move(schema), clock),
      sessions_(org_.store(), random, clock, options.fixed),
      codes_(random),
      oauth_(org_, sessions_, codes_, clock),
      authorize_(org_, sessions_, codes_, clock),
      rest_(org_, sessions_) {
  sessions_.policies().rotates_refresh_tokens = options.rotates_refresh_tokens;
  const Credentials& known = sessions_.credentials();
  if (org_.store().find(*org_.schema().find("User"), known.user_id)) return;
  RecordStore::Transaction transaction(org_.store());
  plant_user(known.user_id, known.username, "User");
  plant_organization(options.environment);
  transaction.commit();
}

base::http::Response Site::answer(const base::http::ServerRequest& request) {
  return is_below(request.path, "/_local") ? local(request) : answer_and_log(request);
}

base::http::Response Site::answer_and_log(const base::http::ServerRequest& request) {
  Call call{.at = clock_.now(), .method = request.method, .path = request.target};
  const std::optional<Fault> fault = faults_.strike(request.method, request.path);
  Response response;
  if (!fault || fault->after_commit) response = route(request, call);
  if (fault) {
    response = fault->drops ? Response{} : fault->answer;
    call.fault = std::string(fault->drops ? "drop" : "error") + (fault->after_commit ? " after commit" : "");
  }
  call.status = response.status;
  calls_.add(std::move(call));
  return response;
}

base::http::Response Site::route(const base::http::ServerRequest& request, Call& call) {
  if (is_below(request.path, "/services/data")) return rest_.answer(request, call);
  if (request.path == "/services/oauth2/authorize") return authorize_.answer(request, call);
  if (request.path == "/services/oauth2/introspect" && request.method == "POST") return oauth_.introspect(request);
  if (request.path == "/services/oauth2/token" && request.method == "POST") return oauth_.token(request, call);
  if (request.path == "/services/oauth2/revoke" && request.method == "POST") return oauth_.revoke(request);
  if (request.path == "/services/oauth2/userinfo") return oauth_.userinfo(request);
  if (is_below(request.path, "/id")) return oauth_.identity(request);
  return {404, {{"content-type", "text/html;charset=UTF-8"}}, "<html><body>URL No Longer Exists</body></html>"};
}

base::http::Response Site::local(const base::http::ServerRequest& request) {
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

base::http::Response Site::policies(const base::http::ServerRequest& request) {
  if (request.method != "GET" && request.method != "PUT") return refuse(405, "/_local/policies takes GET and PUT");
  if (request.method == "PUT") {
    const std::string flaw = sessions_.policies().change(request.body);
    if (!flaw.empty()) return refuse(400, flaw);
  }
  return base::http::json_response(200, sessions_.policies().to_json());
}

// {"username": "maria@example.com"}: another user, with the password of all.
base::http::Response Site::users(const base::http::ServerRequest& request) {
  if (request.method != "POST") return refuse(405, "/_local/users takes POST");
  const base::Result<nlohmann::json> wanted = base::parse_json(request.body);
  const bool is_named =
      wanted && wanted->is_object() && wanted->contains("username") && (*wanted)["username"].is_string();
  if (!is_named) return refuse(400, "a user needs a username");
  const std::string username = (*wanted)["username"].get<std::string>();
  const Object& object = *org_.schema().find("User");
  if (!org_.store().find_ids(object, *object.find("Username"), username).empty())
    return refuse(409, "there is a user of that name");
  const std::string id = make_record_id("005", org_.store().next_number(object) + 1000);
  RecordStore::Transaction transaction(org_.store());
  plant_user(id, username, username.substr(0, username.find('@')));
  transaction.commit();
  base::JsonWriter json;
  json.begin_object();
  json.field("id", id);
  json.field("username", username);
  json.field("password", sessions_.credentials().password);
  json.end_object();
  return base::http::json_response(200, json.take());
}

// {"access_tokens": true, "refresh_token": true | "…", "access_token": "…", "client_secret": true | "restore",
//  "user": "maria@example.com"}
base::http::Response Site::expire(const std::string& body) {
  const base::Result<nlohmann::json> wanted = base::parse_json(body);
  if (!wanted || !wanted->is_object()) return refuse(400, "what to expire is a JSON object");
  for (const auto& [key, value] : wanted->items()) {
    const bool names_one = value.is_string();
    if (key == "access_tokens" && value == true) {
      sessions_.end_all_sessions();
    } else if (key == "refresh_token" && value == true) {
      sessions_.revoke_all_refresh_tokens();
    } else if ((key == "refresh_token" || key == "access_token") && names_one) {
      if (!sessions_.revoke(value.get<std::string>())) return refuse(404, "there is no such " + key);
    } else if (key == "user" && names_one) {
      const Object& object = *org_.schema().find("User");
      const std::vector<std::string> ids =
          org_.store().find_ids(object, *object.find("Username"), value.get<std::string>());
      if (ids.empty()) return refuse(404, "there is no such user");
      sessions_.revoke_user(ids.front());
    } else if (key == "client_secret" && (value == true || value == "restore")) {
      sessions_.break_client_secret(value == true);
    } else {
      return refuse(400, "cannot expire '" + key + "' that way");
    }
  }
  return done();
}

void Site::plant_user(const std::string& id, const std::string& username, const std::string& last_name) {
  const Credentials& known = sessions_.credentials();
  const std::int64_t now = base::to_millis(std::chrono::floor<std::chrono::seconds>(clock_.now()));
  org_.plant(*org_.schema().find("User"), id,
             {{"Username", username},
              {"FirstName", id == known.user_id ? "Integration" : "Local"},
              {"LastName", last_name},
              {"Email", username},
              {"Alias", id == known.user_id ? "integ" : last_name.substr(0, 8)},
              {"CommunityNickname", id == known.user_id ? "integration" : username},
              {"TimeZoneSidKey", "GMT"},
              {"LocaleSidKey", "en_US"},
              {"EmailEncodingKey", "UTF-8"},
              {"LanguageLocaleKey", "en_US"},
              {"ProfileId", make_record_id("00e", 1)},
              {"CreatedDate", now},
              {"CreatedById", known.user_id},
              {"LastModifiedDate", now},
              {"LastModifiedById", known.user_id},
              {"SystemModstamp", now}});
}

void Site::plant_organization(Environment environment) {
  const Credentials& known = sessions_.credentials();
  const bool is_sandbox = environment == Environment::sandbox;
  const std::int64_t now = base::to_millis(std::chrono::floor<std::chrono::seconds>(clock_.now()));
  org_.plant(*org_.schema().find("Organization"), known.org_id,
             {{"Name", "Local Org"},
              {"OrganizationType", is_sandbox ? "Enterprise Edition" : "Developer Edition"},
              {"InstanceName", is_sandbox ? "LOC1S" : "LOC1"},
              {"IsSandbox", std::int64_t{is_sandbox}},
              {"DefaultLocaleSidKey", "en_US"},
              {"TimeZoneSidKey", "GMT"},
              {"LanguageLocaleKey", "en_US"},
              {"FiscalYearStartMonth", std::int64_t{1}},
              {"CreatedDate", now},
              {"CreatedById", known.user_id},
              {"LastModifiedDate", now},
              {"LastModifiedById", known.user_id},
              {"SystemModstamp", now}});
}

}  // namespace local_org
