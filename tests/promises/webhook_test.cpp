// Notices at the operator's webhook, from the running program to a server that takes them.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "tests/promises/notice_taker.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
using promises::NoticeTaker;
using promises::World;

namespace {

std::string header_of(const NoticeTaker::Taken& taken, const std::string& name) {
  return std::string(base::http::find_header(taken.headers, name).value_or(""));
}

}  // namespace

TEST_CASE("a removed account is told at the webhook, once per person, signed, and without the account's name") {
  NoticeTaker taker;
  World world(promises::sample_workflow("nps_to_contact"), {"--notice-webhook", taker.url()});
  REQUIRE(world.server.start({{"SLUICE_NOTICE_WEBHOOK_KEY", "a key"}}));
  const json account = world.server.ask("GET", "/accounts").at("accounts").at(0);

  world.server.ask("DELETE", "/accounts/" + account.at("id").get<std::string>());

  support::eventually("a notice has come", [&] { return !taker.taken().empty(); }, [&] { return world.server.log(); });
  const NoticeTaker::Taken first = taker.taken().front();
  const json told = json::parse(first.body);
  CHECK(told.at("kind") == "account_removed");
  const json workflow = world.server.ask("GET", "/workflows").at("workflows").at(0);
  CHECK(told.at("subject") == workflow.at("id"));
  CHECK(told.at("recipient").at("id") == workflow.at("creator"));
  CHECK(first.body.find(account.at("id")) == std::string::npos);
  CHECK(header_of(first, "webhook-id") == told.at("id"));
  const std::string signed_text =
      header_of(first, "webhook-id") + "." + header_of(first, "webhook-timestamp") + "." + first.body;
  CHECK(header_of(first, "webhook-signature") == "v1," + base::to_base64(base::hmac_sha256("a key", signed_text)));
  // The same is in the product, and who owns and has made the workflow is one person here.
  CHECK(world.server.ask("GET", "/notices").at("notices").size() == 1);
  CHECK(taker.taken().size() == 1);
}
