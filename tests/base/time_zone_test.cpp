// Time zones by name, as the IANA database has them.
#include "base/time_zone.hpp"

#include <catch2/catch.hpp>

namespace {

base::TimePoint at(const char* text) { return *base::from_iso8601(text); }

}  // namespace

TEST_CASE("a zone's offset follows its summer time") {
  CHECK(*base::utc_offset("Europe/Madrid", at("2026-01-15T12:00:00Z")) == std::chrono::hours(1));
  CHECK(*base::utc_offset("Europe/Madrid", at("2026-07-15T12:00:00Z")) == std::chrono::hours(2));
  CHECK(*base::utc_offset("Asia/Kolkata", at("2026-07-15T12:00:00Z")) == std::chrono::minutes(330));
  CHECK(*base::utc_offset("UTC", at("2026-07-15T12:00:00Z")) == base::Duration(0));
  CHECK(*base::utc_offset("Z", at("2026-07-15T12:00:00Z")) == base::Duration(0));
}

TEST_CASE("what clocks show becomes a point in time, also where they jump") {
  CHECK(base::read_local("America/Denver", at("2026-05-01T01:20:11Z"))->at == at("2026-05-01T07:20:11Z"));
  // 2026-03-29 02:30 is skipped in Madrid; 2026-10-25 02:30 is shown twice.
  CHECK(base::read_local("Europe/Madrid", at("2026-03-29T02:30:00Z"))->at == at("2026-03-29T01:00:00Z"));
  CHECK(base::read_local("Europe/Madrid", at("2026-10-25T02:30:00Z"))->at == at("2026-10-25T00:30:00Z"));
}

TEST_CASE("a reading that clocks skip or show twice is told from one that they show once") {
  CHECK(base::read_local("Europe/Madrid", at("2026-03-29T01:59:59Z"))->times == 1);
  CHECK(base::read_local("Europe/Madrid", at("2026-03-29T02:00:00Z"))->times == 0);
  CHECK(base::read_local("Europe/Madrid", at("2026-03-29T03:00:00Z"))->times == 1);
  CHECK(base::read_local("America/Denver", at("2026-11-01T01:30:00Z"))->times == 2);
  CHECK(base::read_local("America/Denver", at("2026-11-01T02:00:00Z"))->times == 1);
  CHECK(base::read_local("UTC", at("2026-03-29T02:30:00Z"))->times == 1);
  CHECK(base::read_local("Mars/Base", at("2026-03-29T02:30:00Z")).error().code == base::time_zone_unknown);
}

TEST_CASE("a name that is no zone is an error that quotes it") {
  CHECK(base::is_time_zone("Europe/Madrid"));
  CHECK_FALSE(base::is_time_zone(""));
  CHECK_FALSE(base::is_time_zone("Mars/Base"));
  const auto offset = base::utc_offset("Mars/Base", at("2026-01-15T12:00:00Z"));
  REQUIRE_FALSE(offset);
  CHECK(offset.error().code == base::time_zone_unknown);
  CHECK(offset.error().message.find("'Mars/Base'") == 0);
}
