// Changes of keys: every secret under the new one, none lost, whatever happens meanwhile.
#include "connectors/accounts/key_rotator.hpp"

#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "connectors/accounts/secret_store.hpp"
#include "connectors/errors.hpp"
#include "tests/connectors/store_world.hpp"
#include "tests/support/temporary_directory.hpp"

using connectors::KeyReport;
using connectors::KeyRing;
using connectors::KeyRotator;
using connectors::LoadedKeys;
using support::run;

namespace {

enum class Keys { ours, of_operator };

// What a program leaves when it ends, and what the next one begins with: the database and the keys.
struct Place {
  test::TemporaryDirectory directory{};
  Keys keys = Keys::ours;
  int lives = 0;

  std::string database() const { return directory.file("data.db"); }
  std::string key_file() const { return directory.file("key"); }
  void write_keys(const KeyRing& ring) const { REQUIRE(connectors::write_own_keys(key_file(), ring)); }
  base::Result<LoadedKeys> load_keys() const {
    base::SystemRandom random;
    const auto nothing_set = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
    const std::string given = keys == Keys::ours ? "" : key_file();
    return connectors::load_keys({.key_file = given, .data_directory = directory.path()}, random, nothing_set);
  }
};

// One life of a program there.
struct RotationWorld : support::StoreWorld {
  Place& place;
  base::SilentLog log;
  KeyRotator rotator;

  explicit RotationWorld(Place& at, support::DatabaseThreads threads = support::DatabaseThreads::none)
      : StoreWorld(at.database(), threads, static_cast<std::uint64_t>(++at.lives)),
        place(at),
        rotator(
            *database, clock, random, log, vault, place.load_keys()->source, [this] { return place.load_keys(); },
            commit_change()) {
    const KeyRing keys = place.load_keys()->ring;
    vault.replace_keys(keys);
    base::Status fits = base::Ok{};
    auto check = [&](base::sql::Connection& connection) {
      if (auto checked = connectors::check_keys(connection, keys); !checked) fits = checked.error();
    };
    run(loop, database->transact(std::ref(check)));
    REQUIRE(fits);
    run(loop, store.load());
    run(loop, rotator.load());
  }

  std::vector<std::string> create_accounts(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) {
      connectors::LinkedAccount account = support::a_personal_account();
      account.login.refresh_token = base::Secret("refresh " + std::to_string(i));
      ids.push_back(create(std::move(account)));
    }
    return ids;
  }
  base::Status rotate() { return run(loop, rotator.rotate("operator")); }
  base::Status read_again() { return run(loop, rotator.read_again("operator")); }
  void seal_anew() { run(loop, rotator.seal_anew()); }
  KeyReport report() { return run(loop, rotator.report()); }
  std::string active() const { return vault.keys().active().id; }
};

// "active 0, old 4": how many secrets each key has sealed.
std::string told(const KeyReport& report) {
  std::string text;
  for (const connectors::KeyUse& use : report.keys) {
    text += std::string(text.empty() ? "" : ", ") + (use.is_active ? "active " : "old ") + std::to_string(use.secrets);
  }
  return text;
}

// The refresh token of every account is the one that was stored last.
void check_tokens(RotationWorld& world, const std::vector<std::string>& ids,
                  const std::string& of_first = "refresh 0") {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string expected = i == 0 ? of_first : "refresh " + std::to_string(i);
    CHECK(world.secrets(ids[i]).refresh_token.reveal() == expected);
  }
}

}  // namespace

TEST_CASE("a rotation seals every secret anew, and the old key goes from the program's own file") {
  Place place;
  std::vector<std::string> ids;
  {
    RotationWorld world(place);
    ids = world.create_accounts(120);  // of two secrets each
    const std::string before = world.active();

    REQUIRE(world.rotate());
    CHECK(told(world.report()) == "active 0, old 240");
    CHECK(world.report().rotation->total == 240);
    CHECK(world.report().rotation->done == 0);
    CHECK_FALSE(world.report().rotation->is_done);
    world.seal_anew();

    CHECK(told(world.report()) == "active 240");
    CHECK(world.report().rotation->is_done);
    CHECK(world.report().rotation->from == before);
    CHECK(world.report().rotation->to == world.active());
    CHECK(world.report().rotation->done == 240);
    CHECK(world.report().rotation->unreadable == 0);
  }
  CHECK(place.load_keys()->ring.keys().size() == 1);
  RotationWorld next(place);
  check_tokens(next, ids);
}

TEST_CASE("a rotation is audited, with who began it") {
  Place place;
  RotationWorld world(place);
  world.create();
  world.audited.clear();

  REQUIRE(world.rotate());
  REQUIRE(world.rotate());  // it is under way: no second one
  world.seal_anew();

  CHECK(world.audited == std::vector<std::string>{"operator keys.rotation_began", "system keys.rotated"});
}

TEST_CASE("a secret that a login stores in the middle of a batch is not overwritten") {
  Place place;
  RotationWorld world(place);
  const std::vector<std::string> ids = world.create_accounts(3);
  REQUIRE(world.rotate());
  auto log_in = [&]() -> base::awaitable<void> {
    connectors::Login login = support::a_personal_account().login;
    login.refresh_token = base::Secret("newer");
    connectors::OrgIdentity identity;
    const bool is_kept = co_await world.store.relink("usr_ana", "brd_a", ids[0], std::move(login), std::move(identity));
    CHECK(is_kept);
  };
  // Between what the batch has read and what it writes.
  world.database->before_apply = [&] { run(world.loop, log_in()); };

  world.seal_anew();

  CHECK_FALSE(world.database->before_apply);
  check_tokens(world, ids, "newer");
  CHECK(told(world.report()) == "active 6");
}

TEST_CASE("refreshes that go on while keys change are all kept") {
  Place place;
  RotationWorld world(place, support::DatabaseThreads::own);
  const std::vector<std::string> ids = world.create_accounts(100);
  std::vector<std::string> newest;
  for (std::size_t i = 0; i < ids.size(); ++i) newest.push_back("refresh " + std::to_string(i));
  int stored = 0;
  bool is_over = false;
  auto refresh_again_and_again = [&]() -> base::awaitable<void> {
    for (std::size_t i = 0; !is_over; i = (i + 7) % ids.size()) {
      connectors::Standing standing = co_await world.store.claim_refresh(ids[i], 1'000'000);
      if (!standing.claim) throw std::runtime_error("the account cannot be refreshed any more");
      connectors::Login login = standing.account.login;
      const std::string token = "rotated " + std::to_string(++stored);
      login.refresh_token = base::Secret(token);
      connectors::OrgIdentity identity;
      connectors::RefreshClaim claim = *standing.claim;
      const std::optional<std::int64_t> generation = co_await world.store.logged_in(
          ids[i], std::move(claim), std::move(login), std::move(identity), connectors::Rotation::on);
      if (generation) newest[i] = token;
    }
  };
  std::exception_ptr fault;
  boost::asio::co_spawn(world.loop, refresh_again_and_again(), [&](std::exception_ptr error) {
    fault = error;
    is_over = true;
  });

  for (int rotation = 0; rotation < 5; ++rotation) {
    REQUIRE(world.rotate());
    world.seal_anew();
  }
  is_over = true;
  world.loop.restart();
  world.loop.run();

  if (fault) std::rethrow_exception(fault);
  CHECK(stored > 10);  // they did go on
  for (std::size_t i = 0; i < ids.size(); ++i) CHECK(world.secrets(ids[i]).refresh_token.reveal() == newest[i]);
  CHECK(told(world.report()) == "active 200");
}

TEST_CASE("a program that dies at any commit of a rotation leaves it to the next, which ends it") {
  int deaths = 0;
  for (bool died = true; died;) {
    const int commit = deaths + 1;
    INFO("died at commit " << commit);
    Place place;
    std::vector<std::string> ids;
    {
      RotationWorld world(place);
      ids = world.create_accounts(60);
      world.database->break_at(commit, commit % 2 == 0 ? support::Fault::dies_after : support::Fault::dies_before);
      auto rotate = [&]() -> base::awaitable<void> {
        co_await world.rotator.rotate("operator");
        co_await world.rotator.seal_anew();
      };
      boost::asio::co_spawn(world.loop, rotate(), boost::asio::detached);
      world.loop.restart();
      world.loop.poll();
      died = world.database->is_dead();
      if (died) ++deaths;
    }
    RotationWorld next(place);
    const std::string begun = next.active();
    if (!next.report().rotation) REQUIRE(next.rotate());
    next.seal_anew();
    CHECK(next.active() == begun);  // the key that was made before the death, not a third one
    CHECK(told(next.report()) == "active 120");
    CHECK(place.load_keys()->ring.keys().size() == 1);
    check_tokens(next, ids);
  }
  CHECK(deaths > 4);
}

TEST_CASE("a secret that no key opens stays as it is, keeps its key in use, and holds up nothing else") {
  Place place;
  RotationWorld world(place);
  const std::vector<std::string> ids = world.create_accounts(3);
  base::sql::Batch tampering{{"UPDATE sealed_secret SET generation = 9 WHERE no = 2"}};
  run(world.loop, world.database->apply(std::move(tampering)));

  REQUIRE(world.rotate());
  world.seal_anew();

  CHECK(told(world.report()) == "active 5, old 1");
  CHECK(world.report().rotation->is_done);
  CHECK(world.report().rotation->unreadable == 1);
  CHECK(place.load_keys()->ring.keys().size() == 2);
  CHECK(world.secrets(ids[2]).refresh_token.reveal() == "refresh 2");
  // With the account's next login the key has no use any more.
  REQUIRE(run(world.loop, world.store.relink("usr_ana", "brd_a", ids[0], support::a_personal_account().login, {})));
  REQUIRE(world.rotate());
  world.seal_anew();
  CHECK(told(world.report()) == "active 6");
  CHECK(place.load_keys()->ring.keys().size() == 1);
}

TEST_CASE("with an operator's keys, a rotation needs another active key first") {
  Place place{.keys = Keys::of_operator};
  base::SeededRandom random(11);
  const KeyRing first = KeyRing::make(random);
  const KeyRing both = first.with_new_key(random);
  place.write_keys(first);
  RotationWorld world(place);
  const std::vector<std::string> ids = world.create_accounts(4);

  base::Status refused = world.rotate();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == connectors::key_not_new);
  CHECK_THAT(refused.error().message, Catch::Contains(place.key_file()));

  place.write_keys(both);
  REQUIRE(world.rotate());
  world.seal_anew();
  CHECK(told(world.report()) == "active 8, old 0");
  CHECK(world.active() == both.active().id);
  CHECK(place.load_keys()->ring.keys().size() == 2);  // the file is the operator's

  place.write_keys(both.keeping({}));
  REQUIRE(world.read_again());
  CHECK(told(world.report()) == "active 8");
  check_tokens(world, ids);
}

TEST_CASE("a key that still seals something cannot be taken away, nor another put under its name") {
  Place place{.keys = Keys::of_operator};
  base::SeededRandom random(11);
  const KeyRing first = KeyRing::make(random);
  place.write_keys(first);
  RotationWorld world(place);
  const std::vector<std::string> ids = world.create_accounts(2);

  place.write_keys(KeyRing::make(random));
  CHECK(world.read_again().error().code == connectors::key_missing);
  CHECK(world.rotate().error().code == connectors::key_missing);

  const std::string other = base::to_base64(random.bytes(base::aes_key_bytes));
  const std::string impostor =
      R"({"active":")" + first.active().id + R"(","keys":{")" + first.active().id + R"(":")" + other + R"("}})";
  place.write_keys(*KeyRing::read(base::Secret(impostor), "the test"));
  CHECK(world.read_again().error().code == connectors::key_wrong);

  CHECK(world.active() == first.active().id);
  check_tokens(world, ids);
}

TEST_CASE("keys that are read again during a rotation decide where it leads") {
  Place place{.keys = Keys::of_operator};
  base::SeededRandom random(11);
  const KeyRing first = KeyRing::make(random);
  const KeyRing second = first.with_new_key(random);
  const KeyRing third = second.with_new_key(random);
  place.write_keys(first);
  RotationWorld world(place);
  const std::vector<std::string> ids = world.create_accounts(60);
  place.write_keys(second);
  REQUIRE(world.rotate());
  world.database->before_apply = [&] {
    place.write_keys(third);
    CHECK(world.read_again());
  };

  world.seal_anew();

  CHECK(told(world.report()) == "active 120, old 0, old 0");
  CHECK(world.report().rotation->to == third.active().id);
  check_tokens(world, ids);
}
