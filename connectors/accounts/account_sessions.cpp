#include "connectors/accounts/account_sessions.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "connectors/errors.hpp"
#include "connectors/oauth/echoed_secrets.hpp"
#include "connectors/oauth/token_endpoint.hpp"

namespace connectors {

namespace {

// Longer than a login can take: its request ends by itself after 20 s.
constexpr std::chrono::minutes longest_login{2};
// How often is looked whether another process has got its token.
constexpr std::chrono::milliseconds between_looks{250};

// After a login that failed for now: a second, doubling up to a minute.
constexpr std::chrono::seconds first_pause{1};
constexpr int doublings_max = 6;
constexpr std::chrono::seconds longest_pause{60};

// Logins without a refresh token: so many at once, then one in this time.
constexpr int logins_at_once = 10;
constexpr std::chrono::minutes login_spacing{1};

std::string account_key(std::string_view account_id) { return fmt::format("account:{}", account_id); }

// As everybody may be told of it: a run's history is read by people to whom a personal account is none of their
// business.
std::string told(const LinkedAccount& account) {
  return account.origin == Origin::workflows ? "a personal account" : fmt::format("'{}'", account.name);
}

base::Error no_account(std::string_view account_id) {
  return {.code = account_removed,
          .message = fmt::format("the account {} is not linked any more", account_id),
          .waits_on = {account_key(account_id)}};
}

base::Error refused_account(const LinkedAccount& account, AccountState state, std::string_view reason) {
  bool is_blocked = state == AccountState::blocked_by_org;
  return {.code = is_blocked ? account_blocked_by_org : account_token_expired,
          .message = fmt::format("{}; {}",
                                 is_blocked ? fmt::format("Blocked by the org: {} is not let in", told(account))
                                            : fmt::format("Account Token Expired: {} cannot log in", told(account)),
                                 reason),
          .waits_on = {account_key(account.id)}};
}

bool is_lost(AccountState state) { return state == AccountState::expired || state == AccountState::blocked_by_org; }

// Whatever came back belongs to login data that has been replaced: it neither overwrote nor expired the new.
base::Error changed_meanwhile(const LinkedAccount& account) {
  return {salesforce_unavailable, fmt::format("{} was changed while it was in use", told(account))};
}

base::Error not_now(std::string message, base::Duration retry_after) {
  base::Error error{salesforce_unavailable, std::move(message)};
  error.retry_after = std::max(retry_after, base::Duration(0));
  return error;
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
    std::optional<base::TimePoint> paused_until;  // nothing is asked before
    std::optional<base::Error> pause;
    int failures = 0;  // in a row
    std::shared_ptr<Flight> flight;
  };

  // A bucket of logins, full at first. Kept beside what forget() forgets: it is about what was sent.
  struct Budget {
    int left = logins_at_once;
    base::TimePoint counted_at{};  // up to where the refill has been counted

    void refill(base::TimePoint now) {
      auto refills = (now - counted_at) / base::Duration(login_spacing);
      if (left + refills >= logins_at_once) {
        left = logins_at_once;
        counted_at = now;
      } else {
        left += static_cast<int>(refills);
        counted_at += refills * base::Duration(login_spacing);
      }
    }
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
  static base::awaitable<base::Result<Session>> obtain(std::shared_ptr<Impl> self, std::string id,
                                                       std::int64_t newer_than);
  static base::awaitable<Standing> stand(std::shared_ptr<Impl> self, std::string id, std::int64_t newer_than);
  static base::awaitable<base::Result<Session>> log_in(std::shared_ptr<Impl> self, LinkedAccount account,
                                                       RefreshClaim claim);
  static base::awaitable<base::Result<Session>> fail(std::shared_ptr<Impl> self, LinkedAccount account,
                                                     RefreshClaim claim, base::Error error);
  static base::awaitable<base::Result<Session>> accept(std::shared_ptr<Impl> self, LinkedAccount account,
                                                       RefreshClaim claim, TokenAnswer answer);
  static base::awaitable<base::Result<Session>> refuse(std::shared_ptr<Impl> self, LinkedAccount account,
                                                       RefreshClaim claim, AccountState state, std::string reason);
  static base::awaitable<base::Error> block(std::shared_ptr<Impl> self, std::string id, std::int64_t generation,
                                            std::string reason);
  static base::awaitable<base::Status> check_deadline(std::shared_ptr<Impl> self, base::TimePoint deadline);
  static base::awaitable<void> wait_for(std::shared_ptr<Impl> self, std::shared_ptr<Flight> flight);

  // Keeps what a flight has brought; a failure for now becomes a pause.
  void keep(AtHand& known, const base::Result<Session>& session);
  // An error when the account's budget of logins is used up.
  base::Status spend_login(const LinkedAccount& account);

  bool is_current(const std::string& id, const std::shared_ptr<Flight>& flight) const {
    auto at = at_hand.find(id);
    return at != at_hand.end() && at->second.flight == flight;
  }

  Accounts& accounts;
  base::http::Client& http;
  base::Clock& clock;
  base::Log& log;
  std::unordered_map<std::string, AtHand> at_hand;
  std::unordered_map<std::string, Budget> budgets;
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
    if (is_lost(account->state)) co_return refused_account(*account, account->state, account->state_reason);

    auto flight = std::make_shared<Flight>();
    known.flight = flight;
    Landing landing{self, id, flight};

    base::Result<Session> session = co_await obtain(self, id, newer_than);
    if (session && session->instance_url.empty()) {
      session = base::Error{salesforce_unavailable,
                            fmt::format("no login of {} has said yet where its org is", told(*account))};
    }
    flight->result = session;
    // Forgotten meanwhile: only for those who waited.
    if (self->is_current(id, flight)) self->keep(self->at_hand[id], session);
    co_return session;
  }
}

void AccountSessions::Impl::keep(AtHand& known, const base::Result<Session>& session) {
  if (session) {
    known.session = *session;
    known.failures = 0;
  } else if (session.error().code.kind == base::Kind::blocked) {
    known.refusal = session.error();
  } else {
    base::Duration doubling = base::Duration(first_pause) * (1 << std::min(known.failures++, doublings_max));
    known.paused_until =
        clock.now() + session.error().retry_after.value_or(std::min(doubling, base::Duration(longest_pause)));
    known.pause = session.error();
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

base::awaitable<base::Result<Session>> AccountSessions::Impl::obtain(std::shared_ptr<Impl> self, std::string id,
                                                                     std::int64_t newer_than) {
  Standing standing = co_await stand(self, id, newer_than);
  LinkedAccount& account = standing.account;
  if (standing.claim) {
    RefreshClaim claim = *std::move(standing.claim);
    co_return co_await log_in(self, std::move(account), std::move(claim));
  }
  if (standing.busy_until) {
    co_return not_now(fmt::format("a login of {} is under way, and what came of it is not known", told(account)),
                      *standing.busy_until - self->clock.now());
  }
  if (account.state == AccountState::removed) co_return no_account(id);
  if (is_lost(account.state)) co_return refused_account(account, account.state, account.state_reason);
  co_return Session{std::move(account.login.access_token), account.login.instance_url, account.generation};
}

// While another process may still get its token, that is waited for.
base::awaitable<Standing> AccountSessions::Impl::stand(std::shared_ptr<Impl> self, std::string id,
                                                       std::int64_t newer_than) {
  for (;;) {
    Standing standing = co_await self->accounts.claim_refresh(id, newer_than);
    // A claim's life before that, its request began, and it lasts no longer than the request's time.
    bool may_come = standing.busy_until && self->clock.now() < *standing.busy_until - refresh_claim_life;
    if (!may_come) co_return standing;
    co_await base::wait_until(self->clock, self->clock.now() + between_looks);
  }
}

base::Status AccountSessions::Impl::spend_login(const LinkedAccount& account) {
  if (account.login.kind == LoginKind::refresh_token) return base::Ok{};
  Budget& budget = budgets[account.id];
  budget.refill(clock.now());
  if (budget.left == 0) {
    base::Error error{salesforce_rate_limit,
                      fmt::format("{} logs in too often: its sessions end as soon as they begin", told(account))};
    error.retry_after = budget.counted_at + base::Duration(login_spacing) - clock.now();
    return error;
  }
  --budget.left;
  return base::Ok{};
}

// The claim may be older than it seems, should this process have been stopped in between.
base::awaitable<base::Status> AccountSessions::Impl::check_deadline(std::shared_ptr<Impl> self,
                                                                    base::TimePoint deadline) {
  if (self->clock.now() < deadline) co_return base::Ok{};
  co_return base::Error{base::http::http_not_sent, "the login's turn is over"};
}

base::awaitable<base::Result<Session>> AccountSessions::Impl::log_in(std::shared_ptr<Impl> self, LinkedAccount account,
                                                                     RefreshClaim claim) {
  base::Status is_within_budget = self->spend_login(account);
  if (!is_within_budget) co_return co_await fail(self, std::move(account), std::move(claim), is_within_budget.error());
  base::Result<base::http::Request> request = token_request(account.login, account.environment, self->clock.now());
  if (!request) {
    std::string reason = request.error().message;
    co_return co_await refuse(self, std::move(account), std::move(claim), AccountState::expired, std::move(reason));
  }
  request->before_sending = [self, deadline = claim.deadline] { return check_deadline(self, deadline); };
  ++self->logins;
  base::crash_point("refresh_before_send");
  const base::Secret assertion = assertion_in(*request);
  base::Result<base::http::Response> response = co_await self->http.send(*std::move(request));
  base::crash_point("refresh_before_store");
  if (!response) co_return co_await fail(self, std::move(account), std::move(claim), response.error());
  hide_echoes(*response, account.login);
  hide_echo(*response, assertion);
  base::Result<TokenAnswer> answer = read_token_answer(*response, account.login.kind);
  if (answer) co_return co_await accept(self, std::move(account), std::move(claim), *std::move(answer));
  if (answer.error().code.kind != base::Kind::blocked) {
    co_return co_await fail(self, std::move(account), std::move(claim), answer.error());
  }
  AccountState state =
      answer.error().code == account_blocked_by_org ? AccountState::blocked_by_org : AccountState::expired;
  co_return co_await refuse(self, std::move(account), std::move(claim), state, answer.error().message);
}

// No token for now. The claim is given back unless the refresh token may be spent: then it runs out by itself.
base::awaitable<base::Result<Session>> AccountSessions::Impl::fail(std::shared_ptr<Impl> self, LinkedAccount account,
                                                                   RefreshClaim claim, base::Error error) {
  self->log.warning("login failed for now", {{"account", account.id}, {"code", error.code.name}});
  if (error.code.kind == base::Kind::uncertain && may_be_spent(account.login.kind, account.rotation)) {
    co_return not_now(fmt::format("the login of {} got no answer, and its refresh token may be spent: {}",
                                  told(account), error.message),
                      claim.deadline + token_request_timeout - self->clock.now());
  }
  co_await self->accounts.not_refreshed(account.id, std::move(claim));
  if (error.code == salesforce_rate_limit || error.code == salesforce_unavailable) co_return error;
  // Whatever the run does is not unclear by it: nothing of it was sent.
  base::Error failure{salesforce_unavailable,
                      fmt::format("the login of {} got no answer: {}", told(account), error.message)};
  failure.retry_after = error.retry_after;
  co_return failure;
}

base::awaitable<base::Result<Session>> AccountSessions::Impl::accept(std::shared_ptr<Impl> self, LinkedAccount account,
                                                                     RefreshClaim claim, TokenAnswer answer) {
  if (!account.org_id.empty() && !answer.org_id.empty() && !is_same_org(account.org_id, answer.org_id)) {
    std::string reason =
        fmt::format("{} stands for org {}, but its login led to org {}", told(account), account.org_id, answer.org_id);
    bool is_told = co_await self->accounts.refused(account.id, std::move(claim), AccountState::expired, reason);
    if (!is_told) co_return changed_meanwhile(account);
    co_return base::Error{.code = wrong_org, .message = std::move(reason), .waits_on = {account_key(account.id)}};
  }
  Login login = merged(account.login, answer);
  Rotation rotation =
      account.login.kind == LoginKind::refresh_token ? rotation_shown(account.login, answer) : Rotation::unknown;
  Session session{answer.access_token, login.instance_url, 0};
  OrgIdentity identity{answer.org_id, answer.user_id, ""};
  // Durable before the token is used: with rotation on, the old refresh token is already dead.
  std::optional<std::int64_t> generation =
      co_await self->accounts.logged_in(account.id, std::move(claim), std::move(login), std::move(identity), rotation);
  base::crash_point("refresh_after_store");
  if (!generation) co_return changed_meanwhile(account);
  session.generation = *generation;
  self->log.info("logged in", {{"account", account.id}, {"generation", session.generation}});
  co_return session;
}

base::awaitable<base::Result<Session>> AccountSessions::Impl::refuse(std::shared_ptr<Impl> self, LinkedAccount account,
                                                                     RefreshClaim claim, AccountState state,
                                                                     std::string reason) {
  self->log.warning("account lost", {{"account", account.id}, {"state", to_string(state)}, {"reason", reason}});
  bool is_told = co_await self->accounts.refused(account.id, std::move(claim), state, reason);
  if (!is_told) co_return changed_meanwhile(account);
  co_return refused_account(account, state, reason);
}

base::awaitable<base::Error> AccountSessions::Impl::block(std::shared_ptr<Impl> self, std::string id,
                                                          std::int64_t generation, std::string reason) {
  std::optional<LinkedAccount> account = self->accounts.find(id);
  if (!account || account->state == AccountState::removed) co_return no_account(id);
  // Of many calls that are refused at once, one is the first.
  if (is_lost(account->state)) co_return refused_account(*account, account->state, account->state_reason);
  bool is_told = co_await self->accounts.blocked(id, generation, reason);
  if (!is_told) co_return changed_meanwhile(*account);
  self->log.warning("account lost", {{"account", id}, {"state", "blocked_by_org"}, {"reason", reason}});
  AtHand& known = self->at_hand[id];
  if (known.session && known.session->generation == generation) known.session.reset();
  co_return refused_account(*account, AccountState::blocked_by_org, reason);
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

base::awaitable<base::Error> AccountSessions::block(std::string account_id, std::int64_t generation_refused,
                                                    std::string reason) {
  return Impl::block(impl_, std::move(account_id), generation_refused, std::move(reason));
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
