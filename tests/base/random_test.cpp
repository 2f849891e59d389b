// Chance, real and repeatable, and the ids made of it.
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "base/crypto.hpp"
#include "base/id.hpp"
#include "base/random.hpp"

using base::derived_id;
using base::random_id;
using base::SeededRandom;
using base::SystemRandom;

TEST_CASE("a seeded sequence is splitmix64's") {
  SeededRandom random{0};

  // The reference implementation's first words for seed 0, least significant byte first.
  CHECK(base::to_hex(random.bytes(16)) == "afcd1d7b39a820e2f465b9a16a9e786e");
  CHECK(SeededRandom{0}.bytes(3) == SeededRandom{0}.bytes(8).substr(0, 3));
  CHECK(SeededRandom{1}.bytes(8) != SeededRandom{2}.bytes(8));
}

TEST_CASE("a drawn number stays below its bound, and each is drawn about as often") {
  SeededRandom random{42};
  std::map<std::uint64_t, int> drawn;

  for (int n = 0; n < 6000; ++n) ++drawn[random.below(6)];

  REQUIRE(drawn.size() == 6);
  CHECK(drawn.rbegin()->first == 5);
  // Six standard deviations.
  for (const auto& [number, times] : drawn) CHECK(std::abs(times - 1000) < 173);
  CHECK(random.below(0) == 0);
  CHECK(random.below(1) == 0);
}

TEST_CASE("the system's chance does not repeat") {
  SystemRandom random;
  std::set<std::string> seen;

  for (int n = 0; n < 100; ++n) seen.insert(random.bytes(16));

  CHECK(seen.size() == 100);
  CHECK(random.bytes(1000).size() == 1000);
  CHECK(random.below(10) < 10);
}

TEST_CASE("a random id is its prefix and 26 characters of base32") {
  SystemRandom random;

  std::string id = random_id("acc_", random);

  CHECK_THAT(id, Catch::Matches("acc_[a-z2-7]{26}"));
  CHECK(id != random_id("acc_", random));
}

// Computed by a few lines of Python; must never change, because stored ids would not be found again.
TEST_CASE("a derived id is the same for ever") {
  CHECK(derived_id("run_", {"brand", "hook", "R_1"}) == "run_k2eeix4m7np4in3rhkoinwbp6e");
  CHECK(derived_id("run_", {}) == "run_4oymiquy7qobjgx36tejs35zeq");
}

TEST_CASE("a derived id tells apart where its parts begin") {
  CHECK(derived_id("run_", {"ab", "c"}) != derived_id("run_", {"a", "bc"}));
  CHECK(derived_id("run_", {"ab"}) != derived_id("run_", {"ab", ""}));
}
