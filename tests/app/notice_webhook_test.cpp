// What the webhook is sent, how it is signed, and what becomes of a notice that it does not take.
#include "app/notice_webhook.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/notice_courier.hpp"
#include "base/crypto.hpp"
#include "base/sql/sqlite.hpp"
#include "engine/migrations/migrations.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"

namespace {

struct WebhookBench {
  boost::asio::io_context loop;
  support::ManualClock clock;
  base::SilentLog log;
  support::ScriptedHttp http;
  std::unique_ptr<base::sql::Database> database = base::sql::open_sqlite_inline(":memory:", engine::migrations());
  engine::AuditLog audit{*database, clock};
  engine::PeopleStore people{*database, clock, audit};
  engine::Notices notices{*database, clock, true};
  app::NoticeCourier courier{notices, clock, log};

  explicit WebhookBench(const std::string& key = "") {
    app::NoticeWebhookOptions options{"http://127.0.0.1:1/notices", base::Secret(key)};
    courier.add(std::make_unique<app::NoticeWebhook>(http, people, clock, std::move(options)));
    clock.set(base::from_millis(1'767'614'400'000));
    support::run(loop, people.add_brand("system", {{1}, "brd_1", "a brand", {}, 1}));
    support::run(loop, people.add_user("system", {1}, {"usr_a", "Ada", engine::Role::user}));
  }

  void post(const std::string& key, const std::string& account = "") {
    engine::Notice notice{.recipient = "usr_a", .kind = engine::NoticeKind::edit_invalidated, .dedup_key = key};
    notice.subject = account.empty() ? "wfl_1" : account;
    notice.account = account;
    notice.message = "told";
    support::run(loop, notices.post({1}, {notice}));
  }
  int deliver() { return support::run(loop, courier.deliver_due()); }
  std::string header(const std::string& name) {
    return std::string(base::http::find_header(http.request(0).headers, name).value_or(""));
  }
};

}  // namespace

TEST_CASE("a notice is posted with its recipient, and signed over id, time and body") {
  WebhookBench bench("a key");
  bench.http.then(204, "");
  bench.post("one");

  CHECK(bench.deliver() == 1);

  const base::http::Request& sent = bench.http.request(0);
  CHECK(sent.method == "POST");
  const nlohmann::json told = nlohmann::json::parse(sent.body);
  CHECK(told["kind"] == "edit_invalidated");
  CHECK(told["brand"] == "brd_1");
  CHECK(told["recipient"] == nlohmann::json{{"id", "usr_a"}, {"name", "Ada"}});
  CHECK(told["subject"] == "wfl_1");
  CHECK(bench.header("webhook-id") == told["id"]);
  const std::string signed_text =
      bench.header("webhook-id") + "." + bench.header("webhook-timestamp") + "." + sent.body;
  CHECK(bench.header("webhook-signature") == "v1," + base::to_base64(base::hmac_sha256("a key", signed_text)));
  CHECK(bench.header("webhook-timestamp") == "1767614400");
}

TEST_CASE("without a key nothing is signed, and an account is named to nobody") {
  WebhookBench bench;
  bench.http.then(200, "{}");
  bench.post("one", "acc_secret");

  bench.deliver();

  CHECK(bench.header("webhook-signature").empty());
  CHECK(bench.http.request(0).body.find("acc_secret") == std::string::npos);
}

TEST_CASE("what the webhook does not take is handed over again, later and later, and what it takes never again") {
  WebhookBench bench;
  bench.http.then(503, "").then(base::Error{base::http::http_not_sent, "nobody there"}).then(200, "");
  bench.post("one");

  CHECK(bench.deliver() == 0);
  CHECK(bench.deliver() == 0);  // not due yet
  CHECK(bench.http.requests().size() == 1);
  bench.clock.set(bench.clock.now() + base::Duration{5'000});
  CHECK(bench.deliver() == 0);
  bench.clock.set(bench.clock.now() + base::Duration{5'000});
  CHECK(bench.deliver() == 0);  // the second pause is twice as long
  bench.clock.set(bench.clock.now() + base::Duration{5'000});
  CHECK(bench.deliver() == 1);
  bench.clock.set(bench.clock.now() + base::Duration{10'000'000});
  CHECK(bench.deliver() == 0);
  CHECK(bench.http.requests().size() == 3);
}

TEST_CASE("a notice is over once every channel has taken it, and goes to all of them until then") {
  WebhookBench bench;
  support::ScriptedHttp second;
  bench.courier.add(std::make_unique<app::NoticeWebhook>(second, bench.people, bench.clock,
                                                         app::NoticeWebhookOptions{"http://127.0.0.1:2/notices"}));
  bench.http.then(200, "").then(200, "");
  second.then(503, "").then(200, "");
  bench.post("one");

  CHECK(bench.deliver() == 0);
  bench.clock.set(bench.clock.now() + base::Duration{5'000});
  CHECK(bench.deliver() == 1);
  CHECK(bench.http.requests().size() == 2);
  CHECK(second.requests().size() == 2);
}
