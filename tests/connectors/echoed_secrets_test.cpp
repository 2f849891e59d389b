// Refusals that repeat the request's secrets.
#include "connectors/oauth/echoed_secrets.hpp"

#include <catch2/catch.hpp>

using base::Secret;
using base::http::Response;

TEST_CASE("a secret that a refusal repeats is taken out of it, however it is written there") {
  const Secret secret("5Aep861/refresh+token==");
  struct Case {
    const char* said;
    const char* kept;
  };
  for (const Case& one : {
           Case{"expired: 5Aep861/refresh+token==", "expired: [secret]"},
           Case{"refresh_token=5Aep861%2Frefresh%2Btoken%3D%3D&client_id=a", "refresh_token=[secret]&client_id=a"},
           Case{R"({"sent":"5Aep861\/refresh+token=="})", R"({"sent":"[secret]"})"},
           Case{"5Aep861/refresh+token==5Aep861/refresh+token==", "[secret][secret]"},
           Case{"expired access/refresh token", "expired access/refresh token"},
       }) {
    Response answer{400, {}, one.said};
    connectors::hide_echo(answer, secret);
    CHECK(answer.body == one.kept);
  }
}

TEST_CASE("a success keeps its secrets, for it is where they come from") {
  Response answer{200, {}, R"({"access_token":"00D!AQ.token"})"};
  connectors::hide_echo(answer, Secret("00D!AQ.token"));
  CHECK(answer.body == R"({"access_token":"00D!AQ.token"})");
}

TEST_CASE("no secret and a very short one leave a refusal as it is") {
  Response answer{400, {}, "no such user"};
  connectors::hide_echo(answer, Secret());
  connectors::hide_echo(answer, Secret("no"));
  CHECK(answer.body == "no such user");
}

TEST_CASE("all that a login may have shown is taken out") {
  connectors::Login login;
  login.client_secret = Secret("the client secret");
  login.refresh_token = Secret("the refresh token");
  login.access_token = Secret("the access token");
  Response answer{401, {}, "the client secret, the refresh token, the access token"};
  connectors::hide_echoes(answer, login);
  CHECK(answer.body == "[secret], [secret], [secret]");
}
