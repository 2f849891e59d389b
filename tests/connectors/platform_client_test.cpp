// The survey platform's API over a real socket, played by a stand-in.
#include "connectors/survey/platform_client.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "connectors/survey/response.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/survey_platform.hpp"

using namespace std::chrono_literals;
using connectors::survey::Platform;
using connectors::survey::PlatformClient;
using support::run;

namespace {

struct PlatformWorld {
  boost::asio::io_context loop;
  support::ManualClock clock;
  base::SilentLog log;
  support::SurveyPlatform platform{loop, log, "the token"};
  std::unique_ptr<base::http::Client> http = base::http::make_client(loop, clock);

  base::Result<std::string> ask(std::string response_id, std::string token = "the token") {
    PlatformClient client(*http, Platform{platform.base_url(), base::Secret(std::move(token)), base::Secret()});
    return run(loop, client.response("SV_nps", std::move(response_id)));
  }
};

}  // namespace

TEST_CASE("a response that is there is given as the platform wrote it") {
  PlatformWorld world;
  world.platform.add("SV_nps", "R_1", support::fixture("survey/promoter.json"));

  base::Result<std::string> document = world.ask("R_1");

  REQUIRE(document);
  CHECK(*document == support::fixture("survey/promoter.json"));
  CHECK(connectors::survey::read_response(*document)->id == "R_1l9mcVuXubb4aGm");
  CHECK(world.platform.calls() == 1);
}

TEST_CASE("a response that is not ready yet is a pause, not a failure") {
  PlatformWorld world;
  world.platform.add("SV_nps", "R_1", "{}", /*asks_too_early=*/2);

  for (int ask = 1; ask <= 2; ++ask) {
    base::Result<std::string> early = world.ask("R_1");
    REQUIRE_FALSE(early);
    CHECK(early.error().code == connectors::survey::response_not_ready);
    CHECK(early.error().code.kind == base::Kind::throttled);
    CHECK(early.error().retry_after == 10s);
  }
  CHECK(world.ask("R_1"));
  CHECK(world.platform.calls() == 3);
}

TEST_CASE("what the platform refuses is told apart from what it cannot do now") {
  struct Case {
    base::http::Response answer;
    base::ErrorCode code;
    std::optional<base::Duration> retry_after;
  };
  const Case cases[] = {
      {{429, {{"Retry-After", "17"}}, ""}, connectors::survey::survey_platform_rate_limit, 17s},
      {{429, {}, ""}, connectors::survey::survey_platform_rate_limit, 10s},
      {{400, {}, "{}"}, connectors::survey::survey_platform_refused, std::nullopt},
      {{403, {}, "{}"}, connectors::survey::survey_platform_refused, std::nullopt},
      {{500, {}, ""}, connectors::survey::survey_platform_unavailable, std::nullopt},
      {{503, {}, "<html>"}, connectors::survey::survey_platform_unavailable, std::nullopt},
  };
  for (const Case& one : cases) {
    PlatformWorld world;
    world.platform.always(one.answer);

    base::Result<std::string> document = world.ask("R_1");

    INFO(one.answer.status);
    REQUIRE_FALSE(document);
    CHECK(document.error().code == one.code);
    CHECK(document.error().retry_after == one.retry_after);
  }
}

TEST_CASE("an unknown response, a wrong token and a platform that is gone have codes of their own") {
  PlatformWorld world;
  CHECK(world.ask("R_unknown").error().code == connectors::survey::response_not_found);
  CHECK(world.ask("R_1/../R_2").error().code == connectors::survey::response_not_found);

  base::Result<std::string> refused = world.ask("R_1", "a wrong token");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == connectors::survey::survey_platform_refused);
  CHECK(refused.error().message.find("a wrong token") == std::string::npos);

  PlatformClient nobody(*world.http, Platform{"http://127.0.0.1:1", base::Secret("t"), base::Secret()});
  CHECK(run(world.loop, nobody.response("SV_nps", "R_1")).error().code ==
        connectors::survey::survey_platform_unavailable);
}
