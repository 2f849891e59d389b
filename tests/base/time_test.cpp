// Points in time and durations as text.
#include <catch2/catch.hpp>

#include "base/time.hpp"

using base::from_iso8601;
using base::parse_duration;
using namespace std::chrono_literals;

TEST_CASE("a point in time is read to the millisecond, in any zone") {
  struct Case {
    std::string text;
    std::int64_t millis;
  };
  auto each = GENERATE(values<Case>({
      {"1970-01-01", 0},
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:00.001Z", 1},
      {"1969-12-31T23:59:59.999Z", -1},
      {"2026-11-24T13:05:50Z", 1795525550000},
      {"2026-11-24T14:05:50+01:00", 1795525550000},
      {"2026-11-24T05:35:50.000-0730", 1795525550000},
      {"2024-02-29T00:00:00Z", 1709164800000},
  }));
  CAPTURE(each.text);

  auto at = from_iso8601(each.text);

  REQUIRE(at);
  CHECK(base::to_millis(*at) == each.millis);
}

TEST_CASE("what is no point in time is refused") {
  auto text =
      GENERATE(as<std::string>{}, "", "2026", "2026-13-01", "2026-02-29", "2026-11-24T13:05:50", "2026-11-24 13:05:50Z",
               "2026-11-24T24:00:00Z", "2026-11-24T13:60:00Z", "2026-11-24T13:05:60Z", "2026-11-24T13:05Z",
               "2026-11-24T13:05:50.1Z", "2026-11-24T13:05:50.Z", "2026-11-24T13:05:50+24:00", "2026-11-24T13:05:50+1",
               "2026-11-24T13:05:50Zx", "2026-11-24x", "+026-11-24", "2026-11-24T13:05:50z");
  CAPTURE(text);

  auto at = from_iso8601(text);

  REQUIRE_FALSE(at);
  CHECK(at.error().code == base::time_malformed);
}

TEST_CASE("a point in time is written in UTC with milliseconds") {
  CHECK(base::to_iso8601(base::from_millis(1795525550007)) == "2026-11-24T13:05:50.007Z");
  CHECK(base::to_iso8601(base::from_millis(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("durations are a number and a unit") {
  CHECK(*parse_duration("250ms") == 250ms);
  CHECK(*parse_duration("30s") == 30s);
  CHECK(*parse_duration("5m") == 5min);
  CHECK(*parse_duration("24h") == 24h);
  CHECK(*parse_duration("7d") == 168h);
  CHECK(*parse_duration("0s") == 0ms);
}

TEST_CASE("what is no duration is refused") {
  auto text = GENERATE(as<std::string>{}, "", "30", "s", "-1s", "+1s", "1.5h", "1 s", "1w", "1sec", "1h30m",
                       "9223372036854775807d", "99999999999999999999s");
  CAPTURE(text);

  CHECK_FALSE(parse_duration(text));
}
