// The OAuth web server flow with PKCE as Salesforce speaks it: addresses, requests, and what a refusal means. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http/client.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace connectors {

// Salesforce read the login and said no; the message holds its own words and what to do about them.
inline constexpr base::ErrorCode login_refused{"login_refused", base::Kind::permanent};

// 256 random bits that only the session's holder can compute from a state (RFC 7636): neither is kept by us.
std::string code_verifier(std::string_view session, std::string_view state);
std::string code_challenge(std::string_view verifier);  // S256

// What both halves of the flow name.
struct AuthorizationClient {
  std::string login_url;  // https://login.salesforce.com
  std::string client_id;
  base::Secret client_secret{};  // empty for an app that is public
  std::string redirect_uri;
};

// Where the person logs in. Asks for no more than the API, a refresh token and who it is, and for a login even where
// the browser already has a session: who links two accounts means two users.
std::string authorize_url(const AuthorizationClient& client, std::string_view state, std::string_view challenge);

std::string token_url_of(std::string_view login_url);
base::http::Request code_request(const AuthorizationClient& client, const std::string& code,
                                 const std::string& verifier);
base::http::Request revoke_request(std::string_view login_url, const base::Secret& token);

// The refusal in Salesforce's own words, and below them what it means and what to do, as far as it is known.
base::Error login_refusal(std::string_view error, std::string_view description);
// The same of a token endpoint's answer; nullopt when it is no refusal.
std::optional<base::Error> login_refusal(const base::http::Response& response);

}  // namespace connectors
