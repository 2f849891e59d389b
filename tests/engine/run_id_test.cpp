#include "engine/run_id.hpp"

#include <set>

#include <catch2/catch.hpp>

// The vectors were computed apart from this code: base32 of SHA-256 over "<length>:<part>" of each part, cut. They
// stand in people's data and must never change.
TEST_CASE("ids of events and runs are the same for ever") {
  const std::string hash = engine::event_hash("brd_1", "hook_a", "R_1");
  CHECK(hash == "veha74ph4lassvtclooq");
  CHECK(engine::run_id(hash, "wfl_1", 0) == "run_veha74ph4lassvtclooqyuc5qiy");
  CHECK(engine::run_id(hash, "wfl_1", 1) == "run_veha74ph4lassvtclooqsy4bsya");
}

TEST_CASE("effect keys are the same for ever") {
  CHECK(engine::effect_key("run_veha74ph4lassvtclooqyuc5qiy", "answer", "", 0) == "eff_ymr6c5nmqy2gxsmmhnzoxi2gey");
  CHECK(engine::effect_key("run_veha74ph4lassvtclooqyuc5qiy", "answer", "", 1) == "eff_tqzr4iaotvi55ycaabrgjr2ur4");
}

TEST_CASE("every part of an id counts, and so do the borders between them") {
  const std::set<std::string> hashes{engine::event_hash("a", "b", "c"), engine::event_hash("ab", "", "c"),
                                     engine::event_hash("", "ab", "c"), engine::event_hash("a", "bc", ""),
                                     engine::event_hash("a", "b", "d")};
  CHECK(hashes.size() == 5);
  const std::set<std::string> keys{engine::effect_key("r", "t", "", 0), engine::effect_key("r", "t", "1", 0),
                                   engine::effect_key("r", "t", "", 1), engine::effect_key("r", "u", "", 0),
                                   engine::effect_key("q", "t", "", 0), engine::effect_key("r", "t", "0", 0)};
  CHECK(keys.size() == 6);
}

TEST_CASE("a run's id leads back to its event, and nothing else does") {
  const std::string hash = engine::event_hash("brd_1", "hook_a", "R_1");
  CHECK(engine::event_hash_of(engine::run_id(hash, "wfl_1", 3)) == hash);
  for (const char* other :
       {"", "run_", "run_short", "evt_veha74ph4lassvtclooqyuc5qiy", "run_veha74ph4lassvtclooqyuc5qiyx"}) {
    CHECK_FALSE(engine::event_hash_of(other));
  }
}
