// What the org's app may do and for whom: the policies that an admin sets in Setup, changeable while the org runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace local_org {

// Members as /_local/policies names them. The words for policies are those of ExtlClntAppOauthPlcyCnfg.
struct AppPolicies {
  bool rotates_refresh_tokens = false;  // each refresh gives a new token, and the old one dies at once
  bool detects_reuse = false;           // with rotation: a spent token ends all that came from it
  bool requires_pkce = false;
  bool installed = true;                                // false: "app must be installed into org"
  bool client_credentials_enabled = true;               // false: the flow is not switched on for the app
  bool has_run_as_user = true;                          // false: "no client credentials user enabled"
  std::string permitted_users = "AllSelfAuthorized";    // or AdminApprovedPreAuthorized
  std::vector<std::string> approved_users{};            // user names, where only approved ones are permitted
  std::string refresh_token_policy = "Infinite";        // Zero, SpecificLifetime, SpecificInactivity
  std::int64_t refresh_token_seconds = 30 * 24 * 3600;  // of the two specific ones
  std::int64_t access_token_seconds = 2 * 3600;         // 0: until they are revoked
  std::vector<std::string> redirect_uris{};             // exact; none: any address on this machine

  bool permits(const std::string& username) const;
  bool trusts(const std::string& redirect_uri) const;
  std::string to_json() const;
  // Takes the members that `body` names; what is wrong with it otherwise, and then nothing is changed. "" when fine.
  std::string change(std::string_view body);
};

}  // namespace local_org
