// What every answer of the server carries, whoever asks and however it ends.
#include <filesystem>

#include <catch2/catch.hpp>

#include "app/api/route_table.hpp"
#include "tests/promises/server_program.hpp"
#include "tests/support/temporary_directory.hpp"

using support::HttpAnswer;

namespace {

void check_guarded(const HttpAnswer& answer) {
  CHECK(answer.header("x-content-type-options") == "nosniff");
  CHECK(answer.header("content-security-policy").find("default-src 'none'") != std::string::npos);
  CHECK(answer.header("content-security-policy").find("frame-ancestors 'none'") != std::string::npos);
  CHECK(answer.header("referrer-policy") == "no-referrer");
  CHECK_FALSE(answer.header("cache-control").empty());
}

}  // namespace

TEST_CASE("every answer says that nothing in it is to be guessed, framed, run or kept") {
  const test::TemporaryDirectory directory;
  promises::ServerProgram server({"--data", directory.file("data")});
  REQUIRE(server.start());

  for (const app::api::Route& route : app::api::route_table()) {
    INFO(route.method << " " << route.pattern);
    // To most routes a 401; the open ones answer.
    const HttpAnswer answer = server.call_as("", std::string(route.method), std::string(route.pattern), "{}");
    CHECK(answer.status != 0);
    check_guarded(answer);
  }
  check_guarded(server.call("GET", "/nowhere"));
  check_guarded(server.call("PATCH", "/runs"));
  check_guarded(server.call("GET", "/runs"));
}

TEST_CASE("the operator's token is kept where its owner alone can read it, and stays the same over a restart") {
  const test::TemporaryDirectory directory;
  promises::ServerProgram server({"--data", directory.file("data")});
  REQUIRE(server.start());
  const std::string token = server.operator_token();

  const auto mode = std::filesystem::status(directory.file("data") + "/operator_token").permissions();
  CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(server.call_as(token, "GET", "/brands").status == 200);
  server.stop();
  REQUIRE(server.start());
  CHECK(server.operator_token() == token);
}
