// Sessions of linked accounts: an access token and instance URL, good for now, got at most once for all who ask.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/http/client.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "connectors/accounts/linked_account.hpp"
#include "connectors/accounts/refresh_decision.hpp"

namespace connectors {

struct Session {
  base::Secret access_token;
  std::string instance_url;  // without a trailing slash
  std::int64_t generation = 0;
};

// The right to ask the token endpoint once for the generation after `generation`, taken from all other tasks and
// processes by a compare-and-set.
struct RefreshClaim {
  std::string attempt;  // unguessable; whoever has lost the claim can settle nothing with it
  std::int64_t generation = 0;
  base::TimePoint deadline{};  // nothing is sent after it
};

// How an account stood when a session of it was asked for: exactly one of the three.
struct Standing {
  // With the secrets it needs to log in or, without a claim, at least with a newer access token.
  LinkedAccount account{};
  std::optional<RefreshClaim> claim{};
  // Somebody else asks, or has asked and the outcome is not known: not before this point in time.
  std::optional<base::TimePoint> busy_until{};
};

// Where accounts are kept, and the rows that their refreshes are fought over. Filled by the store on a server, and by
// account files for the verbs without one.
class Accounts {
 public:
  virtual ~Accounts() = default;
  // nullopt: no such account, or removed. Without secrets.
  virtual std::optional<LinkedAccount> find(std::string_view account_id) const = 0;

  // A session newer than generation `newer_than` when there is one; otherwise the claim, if nobody else has it. An
  // account that is gone, expired or blocked says so by its state, with neither.
  // After an unclear outcome decide_refresh() rules, and an account that has to be given up is expired with its reason.
  virtual base::awaitable<Standing> claim_refresh(std::string account_id, std::int64_t newer_than) = 0;

  // The ways in which a claim ends; a fourth is that nobody knows, and it runs out. Whoever has lost the claim
  // meanwhile changes nothing. Success: durable when it resumes; the generation that its session has now, nullopt when
  // the claim was lost.
  virtual base::awaitable<std::optional<std::int64_t>> logged_in(std::string account_id, RefreshClaim claim,
                                                                 Login login, OrgIdentity identity,
                                                                 Rotation rotation) = 0;
  // A refusal that only a person can lift: `expired` or `blocked_by_org`, with the reason. Raises the auth epoch. False
  // when the claim was lost.
  virtual base::awaitable<bool> refused(std::string account_id, RefreshClaim claim, AccountState state,
                                        std::string reason) = 0;
  // The org refuses its API to a session of this generation: `blocked_by_org`, with the reason. Raises the auth epoch.
  // False, and nothing changed, when the account is another meanwhile or somebody asks for its token.
  virtual base::awaitable<bool> blocked(std::string account_id, std::int64_t generation, std::string reason) = 0;
  // Nothing was asked, or the answer was a clear "not now".
  virtual base::awaitable<void> not_refreshed(std::string account_id, RefreshClaim claim) = 0;
};

class AccountSessions {
 public:
  AccountSessions(Accounts& accounts, base::http::Client& http, base::Clock& clock, base::Log& log);
  ~AccountSessions();

  // The session at hand, the one that is stored, or a login: one in flight per account, the others wait for it. A login
  // that is refused gives account_token_expired or account_blocked_by_org (waiting on "account:<id>") and marks the
  // account; no account gives account_removed. One that failed for now is not tried again at once: for a second,
  // doubling up to a minute, or as long as Salesforce asks, all who want it get the same error. A refresh whose outcome
  // is not known, of a token that may be spent by it, is repeated once, 80 s after it began.
  base::awaitable<base::Result<Session>> open(std::string account_id);
  // Salesforce said 401 to this session. A newer one is given as it is; otherwise one login, as in open(). A login
  // without refresh token has a budget per account: ten at once, then one a minute (Salesforce lets a user log in 3,600
  // times an hour, with everything the user does).
  base::awaitable<base::Result<Session>> renew(std::string account_id, std::int64_t generation_refused);
  // Salesforce refused its API to this session as a whole, not the one request: marks the account. Gives what the
  // request's caller is told, account_blocked_by_org (waiting on "account:<id>"), or that it may try again, because the
  // account was changed meanwhile.
  base::awaitable<base::Error> block(std::string account_id, std::int64_t generation_refused, std::string reason);
  // Forgets what is at hand, a refusal too, e.g. after a refresh by its user or a removal. A login that is under way is
  // not used by those who ask from now on.
  void forget(std::string_view account_id);

  // Where its org is, "" before the first login.
  std::string instance_url(std::string_view account_id) const;
  // Requests to token endpoints since the start.
  std::int64_t logins() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with the logins under way
};

}  // namespace connectors
