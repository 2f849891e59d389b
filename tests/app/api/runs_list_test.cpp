// The list of runs is asked as strictly as every other: what is misspelt is said, and never passed over.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/api/api_world.hpp"

TEST_CASE("a list of runs refuses a limit, a place or a filter that is none") {
  support::ApiWorld world;
  for (const char* query : {"limit=0", "limit=501", "limit=x", "limit=5x", "before=x", "before=0", "before=-1",
                            "stat=held", "state=holding"}) {
    INFO(query);
    const support::HttpAnswer answer = world.call(world.admin(), "GET", std::string("/runs?") + query, "");
    CHECK(answer.status == 422);
    CHECK(nlohmann::json::parse(answer.body).at("code") == "query_invalid");
  }
  for (const char* query : {"limit=1", "limit=500", "before=99999999999", "children=true", "not_started=true"}) {
    INFO(query);
    CHECK(world.call(world.admin(), "GET", std::string("/runs?") + query, "").status == 200);
  }
}
