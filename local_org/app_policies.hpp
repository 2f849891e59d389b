// What the org's administrator has decided about the connected app and about sessions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "local_org/record_store.hpp"

namespace local_org {

// A policy that does not exist, or a value it cannot have.
inline constexpr base::ErrorCode org_policy_invalid{"org_policy_invalid", base::Kind::permanent};

// Members have the names of the JSON document at /_local/policies.
struct AppPolicies {
  // The app
  std::string app_name = "Sluice";
  std::string app_kind = "ExternalClientApplication";  // or ConnectedApplication
  bool installed = true;                               // or: "app must be installed into org"
  std::vector<std::string> flows{"authorization_code", "refresh_token", "password", "jwt_bearer"};
  std::vector<std::string> scopes{"api", "id", "refresh_token"};
  std::vector<std::string> redirect_uris{};  // none: any address on this machine
  bool requires_pkce = false;                // or: "missing required code challenge"
  bool requires_secret = false;              // with the code and with refreshes; one that is sent must always be right
  std::string certificate{};                 // PEM, a certificate or a public key: who may sign JWT assertions
  bool client_credentials_enabled = true;    // this flow has a switch of its own in Setup
  bool has_run_as_user = true;               // false: nobody, whoever run_as_user is
  std::string run_as_user{};  // username for client credentials; "": "no client credentials user enabled"
  std::string permitted_users = "AllSelfAuthorized";    // or AdminApprovedPreAuthorized
  std::vector<std::string> approved_users{};            // then: their usernames
  std::vector<std::string> approved_permission_sets{};  // and those who have these sets or profiles, by name
  std::string ip_relaxation = "Enforce";                // or Bypass, Bypass_2factor, Enforce_relaxrefresh

  // Its refresh tokens
  bool rotates_refresh_tokens = false;            // each refresh gives a new one and ends the old one
  bool detects_reuse = false;                     // an old one that comes back ends the new one too
  std::string refresh_token_policy = "Infinite";  // or Zero, SpecificLifetime, SpecificInactivity
  std::int64_t refresh_token_seconds = 30 * 24 * 3600;

  // Sessions
  std::int64_t access_token_seconds = 2 * 3600;  // of those opened from now on; 0: they do not end by themselves
  bool is_login_host = false;                    // as login.salesforce.com: client credentials are refused here
  bool lockSessionsToIp = false;
  bool lockSessionsToDomain = false;
  bool enforceIpRangesEveryRequest = false;

  // The org itself
  bool api_enabled = true;  // its edition has the API
  // Fields by which a new or changed record is taken for a duplicate, as "Contact.Email"; each alerts and does not
  // block.
  std::vector<std::string> duplicate_rules{};
  // Who gets the new records of an object, as "Case=maria@example.com".
  std::vector<std::string> assignment_rules{};

  bool allows_flow(std::string_view flow) const;
  bool has_scope(std::string_view scope) const;
  // Whether the app may be sent back to that address. A loopback address may have any port, as RFC 8252 asks for.
  bool trusts_redirect(const std::string& uri) const;
};

base::JsonText to_json(const AppPolicies& policies);
// `policies` with the members that the JSON object names.
base::Result<AppPolicies> changed(AppPolicies policies, std::string_view json);

}  // namespace local_org
