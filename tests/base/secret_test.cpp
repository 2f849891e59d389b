// A secret stays in.
#include <catch2/catch.hpp>

#include <new>
#include <type_traits>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/secret.hpp"

using base::Secret;

static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_constructible_v<base::LogValue, Secret>);
static_assert(!std::is_constructible_v<base::LogValue, Secret&>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_constructible_v<bool, Secret>);

TEST_CASE("a secret is revealed on request only") {
  Secret secret(std::string("hunter2"));
  Secret copy = secret;
  Secret moved = std::move(secret);

  CHECK(copy.reveal() == "hunter2");
  CHECK(moved.reveal() == "hunter2");
  CHECK_FALSE(moved.empty());
  CHECK(Secret().empty());

  copy = Secret(std::string("other"));
  CHECK(copy.reveal() == "other");
}

// Short texts lie inside the object, where a test may look after its end.
TEST_CASE("nothing of a secret is left where it was") {
  alignas(Secret) unsigned char room[sizeof(Secret)] = {};
  auto bytes_left = [&] { return std::string(reinterpret_cast<char*>(room), sizeof room); };
  auto* secret = new (room) Secret(std::string("hunter2"));
  REQUIRE_THAT(bytes_left(), Catch::Contains("hunter2"));
  bool is_moved = GENERATE(false, true);

  if (is_moved) Secret taken = std::move(*secret);
  secret->~Secret();

  CHECK_THAT(bytes_left(), !Catch::Contains("unter2"));
}
