// What stands above every answer of the server: a browser takes none for anything but what it says it is.
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "app/api/route_table.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/source_path.hpp"

using Catch::Contains;
using promises::World;

namespace {

std::vector<std::string> console_files() {
  std::vector<std::string> names{""};  // its page
  for (const auto& entry : std::filesystem::directory_iterator(test::source_path("app/console")))
    names.push_back(entry.path().filename().string());
  return names;
}

}  // namespace

TEST_CASE("every file of the console comes with a policy that lets nothing in, and is not sent twice") {
  World world(promises::sample_workflow("nps_to_contact"));
  REQUIRE(world.server.start());
  const std::vector<std::string> files = console_files();
  CHECK(files.size() > 10);
  for (const std::string& name : files) {
    INFO(name);
    const support::HttpAnswer file = world.server.call_as("", "GET", "/console/" + name, "");

    CHECK(file.status == 200);
    CHECK(
        file.header("content-security-policy") ==
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'");
    CHECK(file.header("x-content-type-options") == "nosniff");
    CHECK(file.header("referrer-policy") == "no-referrer");
    CHECK(file.header("cache-control") == "no-cache");
    CHECK(file.header("set-cookie").empty());
    const std::string type = name.ends_with(".js")    ? "text/javascript; charset=utf-8"
                             : name.ends_with(".css") ? "text/css; charset=utf-8"
                             : name.ends_with(".svg") ? "image/svg+xml"
                                                      : "text/html; charset=utf-8";
    CHECK(file.header("content-type") == type);
    const support::HttpAnswer again = support::http_call("GET", world.server.url() + "/console/" + name, "",
                                                         {{"If-None-Match", file.header("etag")}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
  }
  CHECK(world.server.call_as("", "GET", "/console/nothing.js", "").status == 404);
  for (const char* path : {"/", "/console"}) {
    const support::HttpAnswer lead = world.server.call_as("", "GET", path, "");
    CHECK(lead.status == 308);
    CHECK(lead.header("location") == "console/");
  }
}

TEST_CASE("no answer of the API is taken for anything but what it says it is") {
  World world(promises::sample_workflow("nps_to_contact"));
  REQUIRE(world.server.start());
  int routes = 0;
  for (const app::api::Route& route : app::api::route_table()) {
    INFO(route.method << " " << route.pattern);
    const std::string method(route.method), path(route.pattern);
    for (const std::string& token : {std::string(), world.server.token()}) {
      // With a token only what changes nothing; whatever stands for {…} is not there.
      if (!token.empty() && method != "GET") continue;
      const support::HttpAnswer answer = support::http_call(
          method, world.server.url() + path, "", {{"Authorization", token.empty() ? "" : "Bearer " + token}});
      CHECK(answer.status >= 200);
      CHECK(answer.header("x-content-type-options") == "nosniff");
      CHECK_THAT(answer.header("content-security-policy"), Contains("default-src 'none'"));
      const bool is_page = answer.header("content-type").find("html") != std::string::npos;
      const bool may_be_page = path == "/console/" || path.starts_with("/logins/") || path == "/oauth/callback";
      CHECK((!is_page || may_be_page));
      ++routes;
    }
  }
  CHECK(routes > 100);
}
