// Linking: logins in a browser and server-to-server ones, from the wish to the kept account. The only place that knows
// of state, PKCE and what an answer must prove before anything is kept.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/accounts/host_policy.hpp"
#include "connectors/accounts/login_app_store.hpp"
#include "connectors/accounts/login_attempt.hpp"
#include "connectors/oauth/token_endpoint.hpp"

namespace connectors {

// A state, ticket or session that fits no login under way: foreign, used, too late.
inline constexpr base::ErrorCode login_unknown{"login_unknown", base::Kind::permanent};
// The answer names another login host than the one that was asked (RFC 9207).
inline constexpr base::ErrorCode login_mixed_up{"login_mixed_up", base::Kind::permanent};
inline constexpr base::ErrorCode login_app_missing{"login_app_missing", base::Kind::permanent};
inline constexpr base::ErrorCode environment_mismatch{"environment_mismatch", base::Kind::permanent};
// A refresh by another user of the same org, which nobody has confirmed.
inline constexpr base::ErrorCode account_other_user{"account_other_user", base::Kind::permanent};
inline constexpr base::ErrorCode nothing_to_prove{"nothing_to_prove", base::Kind::permanent};

// What linking asks of the people's side of the program.
class LinkingRules {
 public:
  virtual ~LinkingRules() = default;
  // Whether this login may be made: the licence, the role, the account it is for. Asked when it begins, and again when
  // it is answered.
  virtual base::Status may_log_in(const LoginAttempt& attempt) const = 0;
  // The orgs that bindings wait for because of this user's edits.
  virtual std::vector<std::string> orgs_to_prove(const std::string& brand, const std::string& user) const = 0;
  virtual base::awaitable<void> org_proved(std::string brand, std::string user, std::string org_id) = 0;
  // An account was linked or refreshed: binds what it was linked for, and lets go what waited.
  virtual base::awaitable<void> account_linked(LoginAttempt attempt) = 0;
};

struct LinkingOptions {
  std::string public_url;  // where browsers reach this server, without a slash at the end
  std::string api_version = "60.0";
};

class AccountLinking {
 public:
  AccountLinking(AccountStore& accounts, LoginAppStore& apps, LoginAttempts& attempts, const HostPolicy& hosts,
                 base::http::Client& http, base::Clock& clock, base::Random& random, base::Log& log,
                 LinkingRules& rules, LinkingOptions options)
      : accounts_(accounts),
        apps_(apps),
        attempts_(attempts),
        hosts_(hosts),
        http_(http),
        clock_(clock),
        random_(random),
        log_(log),
        rules_(rules),
        options_(std::move(options)) {}

  void set_public_url(std::string url) { options_.public_url = std::move(url); }
  std::string callback() const { return callback_of(options_.public_url); }

  // What is asked for stands in `wish`; its login_url may be empty, or a host. With a loopback `redirect_uri` whoever
  // asks answers in person, and `session` is the secret that proves it; otherwise a browser comes with the ticket.
  struct Begun {
    LoginAttempt attempt;
    std::string ticket;
    std::string authorize_url;
  };
  base::awaitable<base::Result<Begun>> begin(LoginAttempt wish, std::string session);

  // A browser has come with its ticket: where to send it, and the session that its cookie must hold from now on.
  struct Started {
    std::string authorize_url;
    std::string session;
  };
  base::awaitable<base::Result<Started>> start(std::string id, std::string ticket);

  // What came back. `id` where the asker knows it.
  struct LoginAnswer {
    std::string id{};
    std::string state{};
    std::string code{};
    std::string error{};
    std::string error_description{};
    std::string issuer{};
    std::string session{};
  };
  // login_unknown: it was no answer to a login under way, nothing was sent, and nothing has changed. Otherwise the
  // attempt says how it ended. What Salesforce gave and is not kept is revoked.
  base::awaitable<base::Result<LoginAttempt>> complete(LoginAnswer answer);

  // Server-to-server and JWT: one token request, and the account is kept only if it works. The account's id.
  base::awaitable<base::Result<std::string>> link_server(std::string who, std::string brand, LinkedAccount account);
  // The same for an account that is there: same org, bindings stay.
  base::awaitable<base::Status> relink_server(std::string who, std::string brand, std::string account_id, Login login);

  // Takes the login's token back at Salesforce, where it has one. False: Salesforce could not be told.
  base::awaitable<bool> revoke(Login login);

 private:
  struct Fresh {
    Login login{};
    OrgIdentity identity{};
    Environment environment = Environment::production;
  };

  base::Result<LoginApp> app_for(const LoginAttempt& wish) const;
  base::Result<LoginAttempt> prepared(LoginAttempt wish) const;
  base::awaitable<base::Status> carry_out(LoginAttempt& attempt, const LoginAnswer& answer);
  base::awaitable<base::Status> redeem(LoginAttempt& attempt, const LoginAnswer& answer,
                                       const std::optional<SlotReservation>& slot);
  base::awaitable<base::Result<Fresh>> exchange(const LoginAttempt& attempt, const LoginAnswer& answer);
  base::awaitable<base::Result<Fresh>> log_in(Login login, Environment environment);
  base::awaitable<base::Status> examine(Fresh& fresh, std::string org_id, std::string user_id);
  base::awaitable<base::Status> keep(LoginAttempt& attempt, const Fresh& fresh,
                                     const std::optional<SlotReservation>& slot);
  base::awaitable<base::Status> keep_new(LoginAttempt& attempt, const Fresh& fresh,
                                         const std::optional<SlotReservation>& slot);
  base::awaitable<base::Status> replace(LoginAttempt& attempt, const Fresh& fresh);
  base::awaitable<base::Status> prove(const LoginAttempt& attempt, const Fresh& fresh);
  std::string note_on_approvals(const LoginAttempt& attempt, const Fresh& fresh) const;

  AccountStore& accounts_;
  LoginAppStore& apps_;
  LoginAttempts& attempts_;
  const HostPolicy& hosts_;
  base::http::Client& http_;
  base::Clock& clock_;
  base::Random& random_;
  base::Log& log_;
  LinkingRules& rules_;
  LinkingOptions options_;
};

}  // namespace connectors
