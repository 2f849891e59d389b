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

namespace connectors {

struct Session {
  base::Secret access_token;
  std::string instance_url;  // without a trailing slash
  std::int64_t generation = 0;
};

// Where accounts are kept. Filled by the store on a server, and by account files for the verbs without one.
class Accounts {
 public:
  virtual ~Accounts() = default;
  // nullopt: no such account, or removed.
  virtual std::optional<LinkedAccount> find(std::string_view account_id) const = 0;
  // A login succeeded: keeps instance URL, org id, user and a new refresh token where there is one. Durable when it
  // resumes.
  virtual base::awaitable<void> logged_in(std::string account_id, Login login, std::string org_id,
                                          std::string user) = 0;
  // A login was refused for good: state becomes expired, with the reason. Raises the auth epoch.
  virtual base::awaitable<void> expired(std::string account_id, std::string reason) = 0;
};

class AccountSessions {
 public:
  AccountSessions(Accounts& accounts, base::http::Client& http, base::Clock& clock, base::Log& log);
  ~AccountSessions();

  // The session at hand, or a login: one in flight per account, the others wait for it. A login that is refused gives
  // account_token_expired (blocked, waits on "account:<id>") and marks the account; no account gives account_removed.
  base::awaitable<base::Result<Session>> open(std::string account_id);
  // Salesforce said 401 to this session. A newer one is given as it is; otherwise one login, as in open().
  base::awaitable<base::Result<Session>> renew(std::string account_id, std::int64_t generation_refused);
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
