#include "connectors/accounts/account_sessions.hpp"

#include <chrono>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "connectors/errors.hpp"
#include "connectors/oauth/token_endpoint.hpp"

namespace connectors {

namespace {

// Longer than a login can take: its request ends by itself after 20 s.
constexpr std::chrono::minutes longest_login{2};

std::string account_key(std::string_view account_id) { return fmt::format("account:{}", account_id); }

base::Error no_account(std::string_view account_id) {
  return {.code = account_removed,
          .message = fmt::format("the account {} is not linked any more", account_id),
          .waits_on = {account_key(account_id)}};
}

base::Error refused_account(const LinkedAccount& account, std::string_view reason) {
  return {.code = account_token_expired,
          .message = fmt::format("Account Token Expired: '{}' cannot log in; {}", account.name, reason),
          .waits_on = {account_key(account.id)}};
}

// Ids have 15 characters, or 18 with a checksum.
bool is_same_org(std::string_view a, std::string_view b) { return a.substr(0, 15) == b.substr(0, 15); }

}  // namespace

struct AccountSessions::Impl {
  // One login that is under way, and all who wait for it.
  struct Flight {
    std::optional<base::Result<Session>> result;
    bool over = false;
    std::vector<base::Bell*> waiting;

    void end() {
      over = true;
      for (base::Bell* bell : std::exchange(waiting, {})) bell->ring();
    }
  };

  // What is known of one account.
  struct AtHand {
    std::optional<Session> session;
    std::optional<base::Error> refusal;           // stands until forget()
    std::optional<base::TimePoint> paused_until;  // the org asked for patience
    std::optional<base::Error> pause;
    std::shared_ptr<Flight> flight;
  };

  // Ends a flight however the coroutine that owns it ends, also when it is destroyed half-way.
  struct Landing {
    std::shared_ptr<Impl> impl;
    std::string account_id;
    std::shared_ptr<Flight> own;
    ~Landing() {
      if (impl->is_current(account_id, own)) impl->at_hand[account_id].flight.reset();
      own->end();
    }
  };

  // Takes a bell off a flight's list when its sleeper is gone.
  struct Leaving {
    Flight& from;
    base::Bell* bell;
    ~Leaving() { std::erase(from.waiting, bell); }
  };

  Impl(Accounts& all, base::http::Client& client, base::Clock& time, base::Log& facts)
      : accounts(all), http(client), clock(time), log(facts) {}

  // Every coroutine below keeps `self`: one may be destroyed with the loop, after the AccountSessions.
  static base::awaitable<base::Result<Session>> open(std::shared_ptr<Impl> self, std::string id,
                                                     std::int64_t newer_than);
  static base::awaitable<base::Result<Session>> log_in(std::shared_ptr<Impl> self, LinkedAccount account,
                                                       std::shared_ptr<Flight> flight);
  static base::awaitable<base::Result<Session>> accept(std::shared_ptr<Impl> self, LinkedAccount account,
                                                       TokenAnswer answer);
  static base::awaitable<base::Error> refuse(std::shared_ptr<Impl> self, LinkedAccount account, base::Error error);
  static base::awaitable<void> wait_for(std::shared_ptr<Impl> self, std::shared_ptr<Flight> flight);

  bool is_current(const std::string& id, const std::shared_ptr<Flight>& flight) const {
    auto at = at_hand.find(id);
    return at != at_hand.end() && at->second.flight == flight;
  }

  Accounts& accounts;
  base::http::Client& http;
  base::Clock& clock;
  base::Log& log;
  std::unordered_map<std::string, AtHand> at_hand;
  std::int64_t generation = 0;  // never used twice, not even by another account
  std::int64_t logins = 0;
};

base::awaitable<base::Result<Session>> AccountSessions::Impl::open(std::shared_ptr<Impl> self, std::string id,
                                                                   std::int64_t newer_than) {
  for (;;) {
    AtHand& known = self->at_hand[id];
    if (known.session && known.session->generation > newer_than) co_return *known.session;
    if (known.flight) {
      std::shared_ptr<Flight> flight = known.flight;
      co_await wait_for(self, flight);
      // No result: whoever logged in was cancelled. One of those who waited takes over.
      if (flight->result) co_return *flight->result;
      continue;
    }
    if (known.refusal) co_return *known.refusal;
    if (known.paused_until && *known.paused_until > self->clock.now()) {
      base::Error pause = *known.pause;
      pause.retry_after = *known.paused_until - self->clock.now();
      co_return pause;
    }
    std::optional<LinkedAccount> account = self->accounts.find(id);
    if (!account || account->state == AccountState::removed) co_return no_account(id);
    if (account->state == AccountState::expired) co_return refused_account(*account, account->state_reason);

    auto flight = std::make_shared<Flight>();
    known.flight = flight;
    Landing landing{self, id, flight};

    base::Result<Session> session = co_await log_in(self, *std::move(account), flight);
    flight->result = session;
    if (!self->is_current(id, flight)) co_return session;  // forgotten meanwhile: only for those who waited
    AtHand& now = self->at_hand[id];
    if (session) {
      now.session = *session;
    } else if (session.error().code.kind == base::Kind::blocked) {
      now.refusal = session.error();
    } else if (session.error().retry_after) {
      now.paused_until = self->clock.now() + *session.error().retry_after;
      now.pause = session.error();
    }
    co_return session;
  }
}

base::awaitable<void> AccountSessions::Impl::wait_for(std::shared_ptr<Impl> self, std::shared_ptr<Flight> flight) {
  base::Bell bell(self->clock);
  flight->waiting.push_back(&bell);
  Leaving leaving{*flight, &bell};
  base::TimePoint at_the_latest = self->clock.now() + longest_login;
  while (!flight->over) {
    bool rung = co_await bell.wait_until(at_the_latest);
    if (!rung) at_the_latest = self->clock.now() + longest_login;
  }
}

base::awaitable<base::Result<Session>> AccountSessions::Impl::log_in(std::shared_ptr<Impl> self, LinkedAccount account,
                                                                     std::shared_ptr<Flight> flight) {
  ++self->logins;
  base::http::Request request = token_request(account.login);
  base::Result<base::http::Response> response = co_await self->http.send(std::move(request));
  if (!self->is_current(account.id, flight)) {
    // Whatever came back belongs to login data that has been replaced: it must neither overwrite nor expire the new.
    co_return base::Error{salesforce_unavailable, fmt::format("'{}' was changed while it logged in", account.name)};
  }
  if (!response) {
    // Not repeated here: the refresh token may be spent, should the org rotate them. The next attempt of a run asks
    // once more, and what Salesforce says then decides.
    co_return base::Error{salesforce_unavailable,
                          fmt::format("the login of '{}' got no answer: {}", account.name, response.error().message)};
  }
  base::Result<TokenAnswer> answer = read_token_answer(*response);
  if (answer) co_return co_await accept(self, std::move(account), *std::move(answer));
  if (answer.error().code == account_token_expired) co_return co_await refuse(self, std::move(account), answer.error());
  self->log.warning("login failed for now", {{"account", account.id}, {"code", answer.error().code.name}});
  co_return answer.error();
}

base::awaitable<base::Result<Session>> AccountSessions::Impl::accept(std::shared_ptr<Impl> self, LinkedAccount account,
                                                                     TokenAnswer answer) {
  if (!account.org_id.empty() && !answer.org_id.empty() && !is_same_org(account.org_id, answer.org_id)) {
    co_return base::Error{.code = wrong_org,
                          .message = fmt::format("'{}' stands for org {}, but its login led to org {}", account.name,
                                                 account.org_id, answer.org_id),
                          .waits_on = {account_key(account.id)}};
  }
  Login login = merged(account.login, answer);
  if (login.instance_url.empty()) {
    co_return base::Error{salesforce_unavailable,
                          fmt::format("the login of '{}' did not say where its org is", account.name)};
  }
  Session session{answer.access_token, login.instance_url, ++self->generation};
  std::string org_id = answer.org_id.empty() ? account.org_id : answer.org_id;
  std::string user = answer.user_id.empty() ? account.salesforce_user : answer.user_id;
  // Durable before the token is used: with rotation on, the old refresh token is already dead.
  co_await self->accounts.logged_in(account.id, std::move(login), std::move(org_id), std::move(user));
  self->log.info("logged in", {{"account", account.id}, {"generation", session.generation}});
  co_return session;
}

base::awaitable<base::Error> AccountSessions::Impl::refuse(std::shared_ptr<Impl> self, LinkedAccount account,
                                                           base::Error error) {
  co_await self->accounts.expired(account.id, error.message);
  self->log.warning("account token expired", {{"account", account.id}, {"reason", error.message}});
  co_return refused_account(account, error.message);
}

AccountSessions::AccountSessions(Accounts& accounts, base::http::Client& http, base::Clock& clock, base::Log& log)
    : impl_(std::make_shared<Impl>(accounts, http, clock, log)) {}

AccountSessions::~AccountSessions() = default;

base::awaitable<base::Result<Session>> AccountSessions::open(std::string account_id) {
  return Impl::open(impl_, std::move(account_id), 0);
}

base::awaitable<base::Result<Session>> AccountSessions::renew(std::string account_id, std::int64_t generation_refused) {
  return Impl::open(impl_, std::move(account_id), generation_refused);
}

void AccountSessions::forget(std::string_view account_id) { impl_->at_hand.erase(std::string(account_id)); }

std::string AccountSessions::instance_url(std::string_view account_id) const {
  if (auto at = impl_->at_hand.find(std::string(account_id)); at != impl_->at_hand.end() && at->second.session) {
    return at->second.session->instance_url;
  }
  std::optional<LinkedAccount> account = impl_->accounts.find(account_id);
  return account ? account->login.instance_url : "";
}

std::int64_t AccountSessions::logins() const { return impl_->logins; }

}  // namespace connectors
