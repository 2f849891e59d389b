#include "connectors/salesforce/doctor_app.hpp"

#include <fmt/format.h>

#include "connectors/accounts/endpoint_url.hpp"
#include "connectors/salesforce/doctor_questions.hpp"
#include "connectors/salesforce/doctor_verdicts.hpp"

namespace connectors::salesforce {

namespace {

bool is_server_to_server(const Patient& patient) { return patient.login == LoginKind::client_credentials; }

}  // namespace

KnownPolicy known_policy(const OrgFacts& facts) {
  if (facts.connected_app && !facts.connected_app->empty()) return {facts.connected_app->front()};
  if (facts.client_app_policy) return {*facts.client_app_policy};
  if (!facts.apps) return {{}, why_unknown(facts.apps.refusal, app_admin)};
  if (facts.apps->empty()) return {{}, "no app holds a token of the user"};
  for (const std::optional<base::Error>* refusal :
       {&facts.client_app_policy.refusal, &facts.connected_app.refusal, &facts.client_app.refusal}) {
    if (*refusal) return {{}, why_unknown(*refusal, app_admin)};
  }
  return {{}, fmt::format("the org has no policies for the app '{}', which is not installed", app_name(facts))};
}

Check judge_refresh_policy(const Patient& patient, const OrgFacts& facts) {
  using RefreshToken = AppPolicy::RefreshToken;
  const std::string name = "refresh_policy";
  if (patient.login != LoginKind::refresh_token) return not_asked_for(name, "this login has no refresh token");
  const KnownPolicy app = known_policy(facts);
  if (!app.policy)
    return untold(name, "the refresh token works today; its policy is not known: " + app.why_not, way_out_of(name));
  const std::string& lifetime = app.policy->lifetime;
  switch (app.policy->refresh_token) {
    case RefreshToken::until_revoked: return passed(name, "the refresh token is valid until it is revoked");
    case RefreshToken::until_unused:
      return passed(name, fmt::format("the refresh token ends when it is not used for {}; an account that runs keeps "
                                      "it alive, and Salesforce offers nothing longer in such orgs",
                                      lifetime.empty() ? "a time" : lifetime));
    case RefreshToken::fixed_lifetime:
      return failed(name, fmt::format("the refresh token ends {} after the login, used or not", lifetime),
                    way_out_of(name));
    case RefreshToken::at_once:
      return failed(name, "the refresh token ends at once, so nothing can run once the session is over",
                    way_out_of(name));
    case RefreshToken::unknown: break;
  }
  return untold(name, "Salesforce does not say what the app's refresh token policy is", way_out_of(name));
}

Check judge_permitted_users(const Patient& patient, const OrgFacts& facts) {
  const std::string name = "permitted_users";
  if (is_server_to_server(patient)) return not_asked_for(name, "nobody authorises the app: it runs as its own user");
  if (patient.login != LoginKind::refresh_token)
    return passed(name, "the user logs in, so an admin has approved the app");
  const KnownPolicy app = known_policy(facts);
  if (!app.policy || !app.policy->admin_approved_only)
    return untold(name,
                  "this user is let in today; whether all may authorise the app is not known" +
                      (app.why_not.empty() ? std::string() : ": " + app.why_not),
                  way_out_of(name));
  if (!*app.policy->admin_approved_only) return passed(name, "all users may authorise the app themselves");
  if (facts.app_access && *facts.app_access)
    return passed(name, "only users approved by an admin may use the app, and this one is approved");
  if (!facts.app_access)
    return untold(name,
                  "only users approved by an admin may use the app; whether this one is approved is not known: " +
                      why_unknown(facts.app_access.refusal, app_admin),
                  way_out_of(name));
  return failed(name, "only users approved by an admin may use the app, and this one is not", way_out_of(name));
}

Check judge_app_installed(const Patient& patient, const OrgFacts& facts) {
  const std::string name = "app_installed";
  if (patient.login != LoginKind::refresh_token)
    return passed(name, "the org lets the app log in by itself, so it is there");
  const bool is_here =
      (facts.connected_app && !facts.connected_app->empty()) || (facts.client_app && !facts.client_app->empty());
  if (is_here) return passed(name, fmt::format("the app '{}' is installed in the org", app_name(facts)));
  if (!facts.connected_app || !facts.client_app) {
    const KnownPolicy app = known_policy(facts);
    return untold(name, "whether the app is installed is not known: " + app.why_not, way_out_of(name));
  }
  if (facts.approves_uninstalled_apps && *facts.approves_uninstalled_apps)
    return passed(name,
                  fmt::format("the app '{}' is not installed, but the user may approve such apps", app_name(facts)));
  return failed(
      name,
      fmt::format("the app '{}' is not installed in the org: since September 2025 users cannot log in through "
                  "it any more, only those who had done so before",
                  app_name(facts)),
      way_out_of(name));
}

Check judge_scopes(const Patient& patient, const OrgFacts&) {
  return passed("scopes", patient.login == LoginKind::refresh_token
                              ? "the token works with the API ('api'), and there is a refresh token ('refresh_token')"
                              : "the token works with the API ('api')");
}

Check judge_run_as_user(const Patient& patient, const OrgFacts& facts) {
  const std::string name = "run_as_user";
  if (!is_server_to_server(patient)) return not_asked_for(name, "the account logs in as the user who linked it");
  if (!facts.user) return untold(name, why_unknown(facts.user.refusal, profile_admin), way_out_of(name));
  if (!facts.user->active)
    return failed(name, fmt::format("the app runs as {}, who is not active", facts.user->username), way_out_of(name));
  return passed(name, fmt::format("the app runs as {}", facts.user->username));
}

Check judge_my_domain(const Patient& patient, const OrgFacts&) {
  const std::string name = "my_domain_host";
  if (!is_server_to_server(patient)) return not_asked_for(name, "only a server-to-server login needs it");
  const std::optional<EndpointUrl> url = parse_endpoint_url(patient.token_url);
  const std::string host = url ? url->host : "";
  if (host != "login.salesforce.com" && host != "test.salesforce.com")
    return passed(name, fmt::format("the token endpoint is on {}", host));
  return failed(name, fmt::format("{} is no org's own host", host), way_out_of(name));
}

}  // namespace connectors::salesforce
