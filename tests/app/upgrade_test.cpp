// Data directories of earlier versions: opened by this one, with all that is in them.
#include <catch2/catch.hpp>

#include "app/services.hpp"
#include "base/crypto.hpp"
#include "base/sql/sqlite.hpp"
#include "connectors/accounts/account_store.hpp"
#include "engine/migrations/migrations.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

// As the first version left it: steps 1 and 2, one of everything that later steps touch.
void make_first_directory(const std::string& folder) {
  std::filesystem::create_directories(folder);
  const base::sql::Migration steps[] = {engine::first_migration(1), connectors::accounts_migration(2)};
  boost::asio::io_context loop;
  const auto database = base::sql::open_sqlite_inline(folder + "/sluice.db", steps);
  base::sql::Batch rows{
      {"INSERT INTO brand VALUES (1, 'brd_1', 'first brand', 'salesforce', 7)"},
      {"INSERT INTO brand_user VALUES (1, 'usr_1', 'admin', 'brand_admin', 1000)"},
      {"INSERT INTO api_token VALUES ($1, 1, 'usr_1', 1000)", {base::to_hex(base::sha256("slt_old"))}},
      {"INSERT INTO api_token VALUES ($1, 1, 'usr_1', 1000)", {base::to_hex(base::sha256("slt_older"))}},
      {"INSERT INTO project VALUES (1, 'prj_1', 'first project', 'usr_1')"},
      {"INSERT INTO binding VALUES (1, 1, 'crm', 'acc_1', '00D000000000001')"}};
  support::run(loop, database->apply(std::move(rows)));
}

}  // namespace

TEST_CASE("a data directory of the first version is opened with its people, tokens and bindings") {
  const test::TemporaryDirectory directory;
  make_first_directory(directory.file("data"));
  boost::asio::io_context loop;
  base::SilentLog log;

  auto services = app::Services::open(loop, log, {.data_directory = directory.file("data")});
  REQUIRE(services);
  support::run(loop, (*services)->load());

  const engine::PeopleStore& people = (*services)->people;
  CHECK(people.brand(engine::BrandId{1})->auth_epoch == 7);
  CHECK(people.right_of({1}, "prj_1", "usr_1") == engine::Right::owner);
  CHECK(people.principal_of_token(base::to_hex(base::sha256("slt_old")))->user == "usr_1");
  const std::vector<engine::ApiToken> tokens = people.tokens({1}, "usr_1");
  REQUIRE(tokens.size() == 2);
  CHECK(tokens[0].id.starts_with("tok_"));
  CHECK(tokens[0].id != tokens[1].id);
  const std::optional<engine::Binding> binding = people.binding({1}, 1, "crm");
  REQUIRE(binding);
  CHECK(binding->account == "acc_1");
  CHECK_FALSE(binding->awaits);
  CHECK_FALSE(support::run(loop, (*services)->audit.verify({1})).first_broken);
}
