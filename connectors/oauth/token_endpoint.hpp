// The token endpoint of a Salesforce org: the form that asks for an access token, and what the answer means. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http/client.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// Asks for an access token: client id and secret stand in the form.
base::http::Request token_request(const Login& login);

struct TokenAnswer {
  base::Secret access_token{};
  std::string instance_url{};                   // without a trailing slash; empty where the answer lacks it
  std::optional<base::Secret> refresh_token{};  // a new one: the old one is spent
  std::string org_id{};                         // of the identity URL
  std::string user_id{};
};

// A refusal that only a person can lift is account_token_expired with Salesforce's own words; anything else that is no
// token is worth another try later.
base::Result<TokenAnswer> read_token_answer(const base::http::Response& response);

// The login as it is after the answer: what the answer lacks stays as it was.
Login merged(Login login, const TokenAnswer& answer);

}  // namespace connectors
