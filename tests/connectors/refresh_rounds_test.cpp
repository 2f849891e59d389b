// The refresh protocol over many callers and several processes, with an org that rotates refresh tokens and punishes
// reuse: one refresh a generation, and no account half-saved by a process that dies.
#include <map>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include "tests/connectors/store_world.hpp"

using connectors::Session;
using support::run;

namespace {

using std::chrono::milliseconds;

constexpr int processes_side_by_side = 4;
constexpr int callers_of_a_process = 16;
constexpr int rounds = 200;
constexpr int kills = 50;

// Each refresh gives a new refresh token and ends the old one. One that was ended and comes back ends all.
class RotatingOrg {
 public:
  int refreshes = 0;
  int reuses = 0;

  // What a new login of the user brings.
  connectors::Login grant() {
    ++grants_;
    is_revoked_ = false;
    connectors::Login login = support::a_personal_account().login;
    login.refresh_token = base::Secret(next_token());
    return login;
  }

  base::http::Response answer(const base::http::Request& request) {
    const std::string sent = "refresh_token=" + current_ + "&";
    const bool is_current = request.body.find(sent) != std::string::npos;
    if (!is_current && !is_revoked_) {
      ++reuses;
      is_revoked_ = true;
    }
    if (is_revoked_)
      return base::http::Response{400, {}, R"({"error":"invalid_grant","error_description":"token validity expired"})"};
    ++refreshes;
    const std::string token = next_token();
    return base::http::Response{
        200, {}, R"({"access_token":"access-)" + token + R"(","refresh_token":")" + token + R"("})"};
  }

  bool takes(const base::Secret& access_token) const {
    return !is_revoked_ && access_token.reveal() == "access-" + current_;
  }
  const std::string& refresh_token() const { return current_; }

 private:
  std::string next_token() {
    current_ = "grant" + std::to_string(grants_) + "." + std::to_string(refreshes);
    return current_;
  }

  int grants_ = 0;
  std::string current_;
  bool is_revoked_ = false;
};

// One database for several processes: between what one asks and the answer, others may come. Answers come in the order
// of the commits, as those of a real one do.
class BusyDatabase final : public base::sql::Database {
 public:
  BusyDatabase(base::sql::Database& shared, boost::asio::io_context& loop, base::Random& random)
      : shared_(shared), loop_(loop), random_(random) {}

  base::awaitable<std::vector<base::sql::Outcome>> apply(base::sql::Batch batch) override {
    co_await let_others_come(random_.below(3));
    std::vector<base::sql::Outcome> outcomes = co_await shared_.apply(std::move(batch));
    co_await let_others_come(1);
    co_return outcomes;
  }
  base::awaitable<void> transact(std::function<void(base::sql::Connection&)> work) override {
    co_await let_others_come(random_.below(3));
    co_await shared_.transact(std::move(work));
    co_await let_others_come(1);
  }
  base::awaitable<base::sql::Rows> read(base::sql::Statement statement) override {
    base::sql::Rows rows = co_await shared_.read(std::move(statement));
    co_await let_others_come(1);
    co_return rows;
  }
  std::string_view for_share() const override { return shared_.for_share(); }

 private:
  base::awaitable<void> let_others_come(std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) co_await boost::asio::post(loop_, boost::asio::use_awaitable);
  }

  base::sql::Database& shared_;
  boost::asio::io_context& loop_;
  base::Random& random_;
};

// Where a process may die while it refreshes.
enum class Death { before_claim, after_claim, before_sending, before_answer, before_store, after_store };
constexpr Death every_death[] = {Death::before_claim,  Death::after_claim,  Death::before_sending,
                                 Death::before_answer, Death::before_store, Death::after_store};

const char* to_string(Death death) {
  switch (death) {
    case Death::before_claim: return "before its claim";
    case Death::after_claim: return "after its claim";
    case Death::before_sending: return "before the request is sent";
    case Death::before_answer: return "before the answer";
    case Death::before_store: return "before the new token is stored";
    case Death::after_store: return "after the new token is stored";
  }
  return "";
}

// Nobody hears of it any more: the process it belongs to is gone.
base::awaitable<void> fall_silent(base::Clock& clock) {
  const auto silence = std::make_shared<base::Bell>(clock);
  co_await silence->wait_until(clock.now() + std::chrono::years{1000});
}

// A process's way to the org. What it sends takes long enough for everybody to come who is going to.
class WayToOrg final : public base::http::Client {
 public:
  WayToOrg(RotatingOrg& org, base::Clock& clock) : org_(org), clock_(clock) {}

  std::optional<Death> death{};

  base::awaitable<base::Result<base::http::Response>> send(base::http::Request request) override {
    if (death == Death::before_sending) co_await fall_silent(clock_);
    base::Status may_send = co_await request.before_sending();
    if (!may_send) co_return may_send.error();
    base::http::Response answer = org_.answer(request);
    co_await base::wait_until(clock_, clock_.now() + milliseconds{100});
    if (death == Death::before_answer) co_await fall_silent(clock_);
    co_return answer;
  }

 private:
  RotatingOrg& org_;
  base::Clock& clock_;
};

// What one process has of its own: its copy of the accounts, its sessions, its connections.
struct RefreshingProcess {
  RefreshingProcess(support::StoreWorld& world, RotatingOrg& org)
      : database(std::make_unique<BusyDatabase>(*world.database, world.loop, world.random), world.clock),
        http(org, world.clock),
        store(database, world.clock, world.random, world.vault, world.commit_change()),
        sessions(store, http, world.clock, log) {
    run(world.loop, store.load());
  }

  void die_at(Death death) {
    using support::Fault;
    http.death = death;
    // The claim is the first thing it commits from now on, the new token the second.
    if (death == Death::before_claim) database.break_at(1, Fault::dies_before);
    if (death == Death::after_claim) database.break_at(1, Fault::dies_after);
    if (death == Death::before_store) database.break_at(2, Fault::dies_before);
    if (death == Death::after_store) database.break_at(2, Fault::dies_after);
  }

  support::FaultyDatabase database;
  base::SilentLog log;
  WayToOrg http;
  connectors::AccountStore store;
  connectors::AccountSessions sessions;
};

// Several processes with one account, which many callers need.
struct RefreshWorld {
  support::StoreWorld world;
  RotatingOrg org;
  std::string account;
  std::vector<std::unique_ptr<RefreshingProcess>> processes;
  std::vector<std::unique_ptr<RefreshingProcess>> dead;  // their coroutines wait for ever
  int answered = 0;
  int refused = 0;
  int wrong = 0;  // tokens that the org does not take

  RefreshWorld() {
    connectors::LinkedAccount linked = support::a_personal_account();
    linked.login = org.grant();
    account = world.create(std::move(linked));
    for (int i = 0; i < processes_side_by_side; ++i) add_process();
  }

  void add_process() { processes.push_back(std::make_unique<RefreshingProcess>(world, org)); }
  void replace_process(std::size_t place) {
    dead.push_back(std::exchange(processes[place], std::make_unique<RefreshingProcess>(world, org)));
  }
  std::int64_t generation() { return world.number("SELECT generation FROM linked_account"); }
  std::string state() { return world.read("SELECT state FROM linked_account").at(0).text(0); }
  std::string state_reason() { return world.read("SELECT state_reason FROM linked_account").at(0).text(0); }

  // As a run does: whoever is told "not now" comes again when it was told to.
  base::awaitable<void> need_session(RefreshingProcess& process, std::int64_t refused_generation) {
    for (;;) {
      base::Result<Session> session = co_await process.sessions.renew(account, refused_generation);
      if (session) {
        ++answered;
        if (!org.takes(session->access_token)) ++wrong;
        co_return;
      }
      if (session.error().code.kind == base::Kind::blocked) {
        ++refused;
        co_return;
      }
      const base::Duration pause = session.error().retry_after.value_or(base::Duration{1000});
      co_await base::wait_until(world.clock, world.clock.now() + pause);
    }
  }
  void ask_through(std::size_t place, std::int64_t refused_generation) {
    for (int i = 0; i < callers_of_a_process; ++i) {
      boost::asio::co_spawn(world.loop, need_session(*processes[place], refused_generation), boost::asio::detached);
    }
  }
  // Until that many have been told yes or no; time passes whenever all wait for it.
  void go_on_until_told(int callers) {
    const base::TimePoint at_the_latest = world.clock.now() + std::chrono::minutes{10};
    while (answered + refused < callers) {
      world.loop.restart();
      world.loop.poll();
      const std::optional<base::TimePoint> next = world.clock.next_timer();
      if (answered + refused >= callers) break;
      if (!next || *next > at_the_latest) throw std::runtime_error("somebody waits for ever");
      world.clock.set(*next);
    }
  }
  void begin_round() { answered = refused = 0; }

  // What is stored is what the org has given last, and opens.
  bool is_whole() { return world.secrets_of_restarted(account).refresh_token.reveal() == org.refresh_token(); }
};

}  // namespace

TEST_CASE("64 callers in four processes meet a dead session 200 times: exactly 200 refreshes, no token used twice") {
  RefreshWorld all;
  std::set<std::string> tokens;
  for (int round = 0; round < rounds; ++round) {
    all.begin_round();
    const std::int64_t before = all.generation();
    for (std::size_t i = 0; i < all.processes.size(); ++i) {
      // Each time another one comes first.
      all.ask_through((i + static_cast<std::size_t>(round)) % all.processes.size(), before);
    }
    all.go_on_until_told(64);

    REQUIRE(all.answered == 64);
    REQUIRE(all.org.refreshes == round + 1);
    REQUIRE(all.generation() == before + 1);
    tokens.insert(all.org.refresh_token());
  }
  CHECK(all.wrong == 0);
  CHECK(all.org.refreshes == rounds);
  CHECK(all.org.reuses == 0);
  CHECK(tokens.size() == rounds);
  CHECK(all.is_whole());
}

TEST_CASE("a process dies while it refreshes, 50 times: the account works or says why it does not, never half-saved") {
  RefreshWorld all;
  std::map<Death, int> works, expired;
  for (int kill = 0; kill < kills; ++kill) {
    const Death death = every_death[static_cast<std::size_t>(kill) % std::size(every_death)];
    INFO("died " << to_string(death));
    all.begin_round();
    const std::int64_t before = all.generation();
    const int refreshes = all.org.refreshes;
    const int reuses = all.org.reuses;
    all.processes[0]->die_at(death);
    all.ask_through(0, before);
    all.world.loop.restart();
    all.world.loop.poll();
    for (std::size_t i = 1; i < all.processes.size(); ++i) all.ask_through(i, before);
    all.go_on_until_told(48);

    // Those who asked through the dead process are gone with it; all others were told the same.
    CHECK((all.answered == 48 || all.refused == 48));
    const bool is_lost = death == Death::before_answer || death == Death::before_store;
    if (all.refused == 48) {
      ++expired[death];
      CHECK(all.state() == "expired");
      CHECK_FALSE(all.state_reason().empty());
      // Only where the org had already given what nobody has heard; and the old token was shown once more, not twice.
      CHECK(is_lost);
      CHECK(all.org.reuses == reuses + 1);
      REQUIRE(
          run(all.world.loop, all.processes[1]->store.relink("usr_ana", "brd_a", all.account, all.org.grant(), {})));
    } else {
      ++works[death];
      CHECK(all.state() == "ok");
      CHECK(all.org.refreshes == refreshes + 1);
      CHECK(all.org.reuses == reuses);
      CHECK(all.generation() == before + 1);
    }
    CHECK(all.is_whole());
    for (std::size_t i = 0; i < all.processes.size(); ++i) all.replace_process(i);
  }
  CHECK(all.wrong == 0);
  for (const Death death : every_death) CHECK(works[death] + expired[death] >= kills / 6);
  CHECK(works[Death::before_sending] > 0);
  CHECK(expired[Death::before_store] > 0);
}
