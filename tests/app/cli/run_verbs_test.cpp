// Verbs that change a run, against a scripted server.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/cli/scripted_api.hpp"

using test::Ended;
using test::ScriptedApi;

TEST_CASE("runs cancel says whether the run is over already, or will be") {
  ScriptedApi api;
  api.answers("POST /runs/run_1/cancel", 200, R"({"id":"run_1","state":"cancelled"})");
  const Ended over = api.run({"runs", "cancel", "run_1"});
  CHECK(over.code == 0);
  CHECK(over.output == "run_1 is cancelled\n");

  api.answers("POST /runs/run_1/cancel", 202, R"({"id":"run_1","state":"running"})");
  const Ended under_way = api.run({"runs", "cancel", "run_1"});
  CHECK(under_way.code == 0);
  CHECK_THAT(under_way.output, Catch::Contains("nothing more of it is begun") && Catch::Contains("runs show run_1"));
}

TEST_CASE("runs cancel tells why the server refuses") {
  ScriptedApi api;
  api.answers("POST /runs/run_1/cancel", 409,
              R"({"code":"run_over","detail":"the run has ended; there is nothing left to cancel"})");
  const Ended ended = api.run({"runs", "cancel", "run_1"});
  CHECK(ended.code == 1);
  CHECK_THAT(ended.complaint, Catch::Contains("[run_over]"));
}
