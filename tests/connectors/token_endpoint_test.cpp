// The token endpoint's form and answers; the error texts are those that Salesforce has been seen to send.
#include "connectors/oauth/token_endpoint.hpp"

#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "connectors/errors.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/fixture.hpp"

using namespace std::chrono_literals;
using connectors::read_token_answer;
using connectors::TokenAnswer;

namespace {

// 2025-11-24T17:00:00Z
constexpr base::TimePoint time_of_request{std::chrono::seconds(1'764'003'600)};

}  // namespace

TEST_CASE("a server-to-server login sends id and secret in the form") {
  base::http::Request request =
      *connectors::token_request(support::a_server_account().login, connectors::Environment::sandbox, time_of_request);

  CHECK(request.method == "POST");
  CHECK(request.url == "https://acme.my.salesforce.com/services/oauth2/token");
  CHECK(request.body == "grant_type=client_credentials&client_id=the+client&client_secret=the+secret");
  CHECK(base::http::find_header(request.headers, "content-type") == "application/x-www-form-urlencoded");
}

TEST_CASE("a refresh sends its token, and a client secret only where there is one") {
  connectors::Login login = support::a_personal_account().login;
  login.client_secret = base::Secret();

  CHECK(connectors::token_request(login, connectors::Environment::sandbox, time_of_request)->body ==
        "grant_type=refresh_token&refresh_token=old+refresh&client_id=the+client");
}

TEST_CASE("a token answer gives token, instance, org and user") {
  base::Result<TokenAnswer> answer =
      read_token_answer({200, {}, support::fixture("salesforce/token_client_credentials.json")});

  REQUIRE(answer);
  CHECK(answer->access_token.reveal().substr(0, 16) == "00D5e000001N20Q!");
  CHECK(answer->instance_url == "https://acme--dev.sandbox.my.salesforce.com");
  CHECK(answer->org_id == "00D5e000001N20QEAS");
  CHECK(answer->user_id == "0055e000004abcdAAA");
  CHECK_FALSE(answer->refresh_token);
}

TEST_CASE("what a token answer lacks stays as it was, what it brings replaces the old") {
  connectors::Login login = support::a_personal_account().login;
  base::Result<TokenAnswer> bare = read_token_answer({200, {}, R"({"access_token":"t"})"});
  base::Result<TokenAnswer> full = read_token_answer(
      {200, {}, R"({"access_token":"t","refresh_token":"new","instance_url":"https://moved.my.salesforce.com/"})"});
  REQUIRE(bare);
  REQUIRE(full);

  CHECK(merged(login, *bare).refresh_token.reveal() == "old refresh");
  CHECK(merged(login, *bare).instance_url == "https://acme.my.salesforce.com");
  CHECK(merged(login, *full).refresh_token.reveal() == "new");
  CHECK(merged(login, *full).instance_url == "https://moved.my.salesforce.com");
}

TEST_CASE("a refused login is told apart from a token service in trouble") {
  struct Case {
    int status;
    const char* body;
    base::ErrorCode code;
  };
  const Case cases[] = {
      {400, R"({"error":"invalid_grant","error_description":"expired access/refresh token"})",
       connectors::account_token_expired},
      {400, R"({"error":"invalid_grant","error_description":"authentication failure"})",
       connectors::account_token_expired},
      {400, R"({"error":"invalid_grant","error_description":"ip restricted"})", connectors::account_blocked_by_org},
      {400, R"({"error":"invalid_grant","error_description":"no client credentials user enabled"})",
       connectors::account_blocked_by_org},
      {400,
       R"({"error":"unauthorized_client","error_description":"client credentials flow is not enabled for this app"})",
       connectors::account_blocked_by_org},
      {400, R"({"error":"invalid_client","error_description":"app must be installed into org"})",
       connectors::account_blocked_by_org},
      {400, R"({"error":"inactive_user","error_description":"user is inactive"})", connectors::account_blocked_by_org},
      {400, R"({"error":"invalid_grant","error_description":"request not supported on this domain"})",
       connectors::account_token_expired},
      {400, R"({"error":"invalid_app_access","error_description":"user is not admin approved to access this app"})",
       connectors::account_blocked_by_org},
      {400, R"({"error":"invalid_client_id","error_description":"client identifier invalid"})",
       connectors::account_token_expired},
      {400, R"({"error":"invalid_client","error_description":"invalid client credentials"})",
       connectors::account_token_expired},
      {401, R"({"error":"invalid_client","error_description":"invalid client credentials"})",
       connectors::account_token_expired},
      {400, R"({"error":"unsupported_grant_type","error_description":"grant type not supported"})",
       connectors::account_token_expired},
      {400, R"({"error":"unknown_error","error_description":"retry your request"})",
       connectors::salesforce_unavailable},
      {400, R"({"error":"invalid_grant","error_description":"login rate exceeded"})",
       connectors::salesforce_rate_limit},
      {403, R"([{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}])",
       connectors::salesforce_rate_limit},
      {500, R"({"error":"invalid_grant"})", connectors::salesforce_unclear},
      {503, "<html><body>We are down for maintenance.</body></html>", connectors::salesforce_unavailable},
      {200, "<html>not a token</html>", connectors::salesforce_unclear},
      {200, R"({"token_type":"Bearer"})", connectors::salesforce_unclear},
      {504, "", connectors::salesforce_unclear},
      {302, "", connectors::salesforce_unavailable},
  };
  for (const Case& one : cases) {
    INFO(one.status << " " << one.body);
    base::Result<TokenAnswer> answer = read_token_answer({one.status, {}, one.body});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == one.code);
  }
}

TEST_CASE("a refusal is told in Salesforce's own words") {
  base::Result<TokenAnswer> answer =
      read_token_answer({400, {}, R"({"error":"invalid_grant","error_description":"expired access/refresh token"})"});

  REQUIRE_FALSE(answer);
  CHECK(answer.error().message ==
        "Salesforce refused the login: invalid_grant: expired access/refresh token; likely: the app's Refresh Token "
        "Policy is not 'Refresh token is valid until revoked', somebody revoked the token, or it was pushed out by a "
        "sixth approval of the app by the same user: Salesforce keeps five and revokes the oldest");
}

TEST_CASE("a consumer that was not approved blocks a JWT login, and expires one that a new login would approve") {
  base::http::Response refusal{
      400, {}, R"({"error":"invalid_grant","error_description":"user hasn't approved this consumer"})"};

  CHECK(read_token_answer(refusal, connectors::LoginKind::jwt_bearer).error().code ==
        connectors::account_blocked_by_org);
  CHECK(read_token_answer(refusal, connectors::LoginKind::refresh_token).error().code ==
        connectors::account_token_expired);
}

TEST_CASE("a JWT login shows a signed assertion that is good for three minutes") {
  connectors::Login login;
  login.kind = connectors::LoginKind::jwt_bearer;
  login.token_url = "https://acme.my.salesforce.com/services/oauth2/token";
  login.client_id = "the client";
  login.username = "ana@example.com";
  login.private_key = base::Secret(support::fixture("keys/rs256.pem"));
  auto claims_of = [&](connectors::Environment environment) {
    std::string body = connectors::token_request(login, environment, time_of_request)->body;
    std::string assertion = body.substr(body.find("assertion=") + 10);
    std::size_t first = assertion.find('.'), second = assertion.find('.', first + 1);
    std::string signed_part = assertion.substr(0, second);
    CHECK(assertion.substr(second + 1) == base::to_base64url(*base::sign_rs256(login.private_key, signed_part)));
    CHECK(base::from_base64(assertion.substr(0, first)) == R"({"alg":"RS256","typ":"JWT"})");
    return *base::from_base64(assertion.substr(first + 1, second - first - 1));
  };

  CHECK(claims_of(connectors::Environment::sandbox) ==
        R"({"iss":"the client","sub":"ana@example.com","aud":"https://test.salesforce.com","exp":1764003780})");
  login.audience = "https://acme.my.salesforce.com";
  CHECK(claims_of(connectors::Environment::production) ==
        R"({"iss":"the client","sub":"ana@example.com","aud":"https://acme.my.salesforce.com","exp":1764003780})");
  login.private_key = base::Secret("no key");
  CHECK_FALSE(connectors::token_request(login, connectors::Environment::sandbox, time_of_request));
}
