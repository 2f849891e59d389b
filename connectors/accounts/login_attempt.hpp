// A login under way: what it is for, whose it is, and how it ended. Its state, ticket and session are known by hash
// only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// link: a personal account. share: an account of the brand. refresh: new login data for an account that is there.
// reauthenticate: proves access to an org; nothing is kept.
enum class LoginPurpose { link, share, refresh, reauthenticate };
std::string_view to_string(LoginPurpose purpose);
std::optional<LoginPurpose> login_purpose_from(std::string_view word);

inline constexpr base::Duration login_attempt_life{600'000};

struct LoginAttempt {
  std::string id;  // lgn_…
  std::string brand;
  std::string user;
  LoginPurpose purpose = LoginPurpose::link;
  Environment environment = Environment::production;
  std::string app;        // app_…
  std::string login_url;  // of the app at that moment: a login is never answered at another host
  std::string redirect_uri;
  std::string name;           // for the new account
  std::string account;        // refresh: which one; afterwards the one that came of it
  std::string bind_workflow;  // where the new account is to be bound
  std::string bind_alias;
  std::string return_to;
  bool confirm_user = false;  // refresh: another user of the org is meant
  base::TimePoint expires_at{};
  std::string state = "waiting";  // waiting, started, answered, done, refused
  std::string error_code;
  std::string message;  // why it was refused; what to know when it is done
};

// Every row is used once: a state that was answered, a ticket that was started, finds nothing any more.
class LoginAttempts {
 public:
  LoginAttempts(base::sql::Database& database, base::Clock& clock) : database_(database), clock_(clock) {}

  // Begun by a browser that still has to come: only the ticket is known.
  base::awaitable<void> add_with_ticket(LoginAttempt attempt, std::string ticket_hash);
  // Begun by somebody who answers it in person, e.g. on the command line.
  base::awaitable<void> add_started(LoginAttempt attempt, std::string state_hash, std::string session_hash);
  // The browser has come: from now on state and session count.
  base::awaitable<std::optional<LoginAttempt>> start(std::string id, std::string ticket_hash, std::string state_hash,
                                                     std::string session_hash);
  // The one answer to a state, by the session that it was given to, in time. `id`, where it is known, is another thing
  // that must fit.
  base::awaitable<std::optional<LoginAttempt>> take(std::string id, std::string state_hash, std::string session_hash);
  base::awaitable<void> finish(LoginAttempt attempt);
  // Of this user only.
  base::awaitable<std::optional<LoginAttempt>> find(std::string brand, std::string user, std::string id);

 private:
  base::awaitable<void> insert(LoginAttempt attempt, std::string ticket, std::string state, std::string session);

  base::sql::Database& database_;
  base::Clock& clock_;
};

}  // namespace connectors
