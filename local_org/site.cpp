// Everything the org answers, on one thread: its API, its tokens, and the paths that only tests use.
#include "local_org/site.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "local_org/record_types.hpp"

namespace local_org {
namespace {

using base::http::Response;

bool is_below(std::string_view path, std::string_view root) {
  return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

// What was remembered, with what the options ask for.
AppPolicies first_policies(RecordStore& store, const Credentials& credentials, const SiteOptions& options) {
  AppPolicies policies;
  policies.run_as_user = credentials.username;
  for (const std::string& json : {store.setting(policies_setting).value_or("{}"), options.policies}) {
    base::Result<AppPolicies> wanted = changed(std::move(policies), json);
    if (!wanted) throw std::invalid_argument(wanted.error().message);
    policies = *std::move(wanted);
  }
  if (options.rotates_refresh_tokens) policies.rotates_refresh_tokens = true;
  return policies;
}

}  // namespace

Site::Site(const SiteOptions& options, Schema schema, const base::Clock& clock, base::Random& random)
    : clock_(clock),
      org_(options.path, std::move(schema), clock),
      sessions_(org_.store(), clock, random, options.fixed),
      users_(org_, sessions_, clock),
      permissions_(org_.store(), org_.schema()),
      own_access_(Access::unrestricted(sessions_.credentials().user_id, org_.schema())),
      policies_(first_policies(org_.store(), sessions_.credentials(), options)),
      oauth_(org_, sessions_, users_, permissions_, policies_, clock),
      setup_(org_, sessions_, policies_, permissions_, clock),
      door_(sessions_, permissions_, policies_),
      rest_(org_, sessions_, permissions_, door_, setup_, policies_),
      metadata_api_(door_, permissions_, policies_),
      local_paths_(org_, sessions_, users_, permissions_, policies_, calls_, faults_) {
  const Credentials& known = sessions_.credentials();
  RecordStore::Transaction transaction(org_.store());
  if (!org_.store().find(*org_.schema().find("User"), known.user_id)) {
    plant_user();
    plant_organization(options.environment);
  }
  plant_record_types(org_, known.user_id, clock_.now());
  transaction.commit();
}

base::http::Response Site::answer(const base::http::ServerRequest& request) {
  return is_below(request.path, "/_local") ? local_paths_.answer(request) : answer_and_log(request);
}

base::http::Response Site::answer_and_log(const base::http::ServerRequest& request) {
  Call call{.at = clock_.now(), .method = request.method, .path = request.target, .source_ip = source_address(request)};
  call.auto_assign = base::http::find_header(request.headers, "sforce-auto-assign").value_or("");
  call.duplicate_rule = base::http::find_header(request.headers, "sforce-duplicate-rule-header").value_or("");
  const std::optional<Fault> fault = faults_.strike(request.method, request.target);
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
  if (is_below(request.path, "/services/Soap/m") && request.method == "POST")
    return metadata_api_.answer(request, call);
  if (request.path == "/services/oauth2/token" && request.method == "POST") return oauth_.token(request, call);
  if (request.path == "/services/oauth2/authorize") return oauth_.authorize(request, call);
  if (request.path == "/setup/secur/RemoteAccessErrorPage.apexp") return oauth_.error_page(request);
  if (request.path == "/services/oauth2/revoke" && request.method == "POST") return oauth_.revoke(request, call);
  if (request.path == "/services/oauth2/introspect" && request.method == "POST") return oauth_.introspect(request);
  if (request.path == "/services/oauth2/userinfo") return oauth_.userinfo(request, call);
  if (is_below(request.path, "/id")) return oauth_.identity(request, call);
  return {404, {{"content-type", "text/html;charset=UTF-8"}}, "<html><body>URL No Longer Exists</body></html>"};
}

void Site::start_over() {
  RecordStore::Transaction transaction(org_.store());
  for (const Object& object : org_.schema().objects()) {
    if (object.createable && object.deletable) org_.store().clear(object);
  }
  transaction.commit();
  calls_.clear();
}

void Site::plant_user() {
  const Credentials& known = sessions_.credentials();
  const std::int64_t now = base::to_millis(std::chrono::floor<std::chrono::seconds>(clock_.now()));
  org_.plant(*org_.schema().find("User"), known.user_id,
             {{"Username", known.username},
              {"FirstName", "Integration"},
              {"LastName", "User"},
              {"Email", known.username},
              {"Alias", "integ"},
              {"CommunityNickname", "integration"},
              {"TimeZoneSidKey", "GMT"},
              {"LocaleSidKey", "en_US"},
              {"EmailEncodingKey", "UTF-8"},
              {"LanguageLocaleKey", "en_US"},
              {"ProfileId", first_profile_id()},
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
