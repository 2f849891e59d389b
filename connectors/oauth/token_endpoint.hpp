// The token endpoint of a Salesforce org: the form that asks for an access token, and what the answer means. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http/client.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// Asks for an access token: client id and secret stand in the form, or an assertion that is signed for three minutes.
// The error is that of a private key that cannot sign.
base::Result<base::http::Request> token_request(const Login& login, Environment environment, base::TimePoint now);

struct TokenAnswer {
  base::Secret access_token{};
  std::string instance_url{};                   // without a trailing slash; empty where the answer lacks it
  std::optional<base::Secret> refresh_token{};  // a new one: the old one is spent
  std::string org_id{};                         // of the identity URL
  std::string user_id{};
};

// A refusal that only a person can lift is account_token_expired, or account_blocked_by_org where it is the org's
// admin, with Salesforce's own words and the likely causes. salesforce_rate_limit and salesforce_unavailable: not now,
// nothing was given. salesforce_unclear: no token came, but the one that was shown may be spent.
base::Result<TokenAnswer> read_token_answer(const base::http::Response& response,
                                            LoginKind kind = LoginKind::refresh_token);

// The login as it is after the answer, with its access token: what the answer lacks stays as it was.
Login merged(Login login, const TokenAnswer& answer);

// What the answer to a refresh shows of the org: a new refresh token, or the old one still good.
Rotation rotation_shown(const Login& before, const TokenAnswer& answer);

}  // namespace connectors
