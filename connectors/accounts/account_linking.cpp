#include "connectors/accounts/account_linking.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/id.hpp"
#include "connectors/errors.hpp"
#include "connectors/oauth/authorization.hpp"
#include "connectors/oauth/echoed_secrets.hpp"
#include "connectors/oauth/identity.hpp"

namespace connectors {

namespace {

// Salesforce keeps five approvals per user and app and revokes the oldest without a word.
constexpr std::ptrdiff_t approvals_of_salesforce = 5;

std::string hash_of(std::string_view secret) { return base::to_hex(base::sha256(secret)); }

std::string login_url_from(const std::string& host) {
  return host.find("://") == std::string::npos ? "https://" + host : host;
}

base::Error unknown_login() {
  return {login_unknown,
          "this answers no login under way: it was answered before, is older than ten minutes, or was begun elsewhere. "
          "Begin the login again."};
}

base::Error other_org(std::string_view meant, std::string_view reached) {
  return {wrong_org, fmt::format("the login led to org {}, but {} is meant", reached, meant)};
}

AuthorizationClient client_of(const LoginAttempt& attempt, const LoginApp& app, base::Secret secret = {}) {
  return {attempt.login_url, app.client_id, std::move(secret), attempt.redirect_uri};
}

base::Error no_answer(const base::Error& error) {
  return {salesforce_unavailable, fmt::format("the login got no answer: {}", error.message)};
}

}  // namespace

base::Result<LoginApp> AccountLinking::app_for(const LoginAttempt& wish) const {
  if (!wish.login_url.empty()) {
    if (std::optional<LoginApp> app = apps_.at(wish.brand, wish.login_url)) return *std::move(app);
    return base::Error{
        login_app_missing,
        fmt::format("no login app is registered for {}; a brand admin adds it: sluice apps add --host {}",
                    wish.login_url, wish.login_url)};
  }
  std::vector<LoginApp> apps = apps_.list(wish.brand);
  std::erase_if(apps, [&](const LoginApp& app) { return app.environment != wish.environment; });
  if (apps.size() == 1) return std::move(apps.front());
  if (apps.empty()) {
    return base::Error{login_app_missing, fmt::format("no login app is registered for {} orgs; a brand admin adds it: "
                                                      "sluice apps add",
                                                      to_string(wish.environment))};
  }
  std::string hosts;
  for (const LoginApp& app : apps) hosts += (hosts.empty() ? "" : ", ") + app.login_url;
  return base::Error{login_app_missing, fmt::format("several login apps fit; name one by its host: {}", hosts)};
}

base::Result<LoginAttempt> AccountLinking::prepared(LoginAttempt wish) const {
  if (wish.purpose == LoginPurpose::refresh) {
    std::optional<LinkedAccount> account = accounts_.look_up(wish.brand, wish.account);
    if (!account || account->state == AccountState::removed || account->login.kind != LoginKind::refresh_token) {
      return base::Error{account_removed, "there is no such account that somebody has logged in to"};
    }
    wish.environment = account->environment;
    wish.login_url = origin_of_url(account->login.token_url);
  } else if (!wish.login_url.empty()) {
    const std::string url = login_url_from(wish.login_url);
    if (base::Status allowed = hosts_.check(url); !allowed) return allowed.error();
    wish.login_url = origin_of_url(url);
  }
  if (base::Status may = rules_.may_log_in(wish); !may) return may.error();
  if (wish.purpose == LoginPurpose::reauthenticate && rules_.orgs_to_prove(wish.brand, wish.user).empty()) {
    return base::Error{nothing_to_prove, "no binding waits for a login of yours"};
  }
  base::Result<LoginApp> app = app_for(wish);
  if (!app) return app.error();
  wish.app = app->id;
  wish.login_url = app->login_url;
  wish.environment = wish.purpose == LoginPurpose::refresh ? wish.environment : app->environment;
  wish.id = base::random_id("lgn_", random_);
  wish.expires_at = clock_.now() + login_attempt_life;
  return wish;
}

base::awaitable<base::Result<AccountLinking::Begun>> AccountLinking::begin(LoginAttempt wish, std::string session) {
  const Environment meant = wish.environment;
  base::Result<LoginAttempt> attempt = prepared(std::move(wish));
  if (!attempt) co_return attempt.error();
  // Said by whoever links; the app's environment only helps to find the app.
  if (attempt->purpose != LoginPurpose::refresh) attempt->environment = meant;
  Begun begun{*std::move(attempt), {}, {}};
  if (!begun.attempt.redirect_uri.empty()) {
    const std::string state = base::to_base64url(random_.bytes(32));
    const LoginApp app = *apps_.find(begun.attempt.brand, begun.attempt.app);
    begun.authorize_url =
        authorize_url(client_of(begun.attempt, app), state, code_challenge(code_verifier(session, state)));
    co_await attempts_.add_started(begun.attempt, hash_of(state), hash_of(session));
  } else {
    begun.attempt.redirect_uri = callback();
    begun.ticket = base::to_base64url(random_.bytes(32));
    co_await attempts_.add_with_ticket(begun.attempt, hash_of(begun.ticket));
  }
  co_return begun;
}

base::awaitable<base::Result<AccountLinking::Started>> AccountLinking::start(std::string id, std::string ticket) {
  const std::string state = base::to_base64url(random_.bytes(32));
  Started started;
  started.session = base::to_base64url(random_.bytes(32));
  std::optional<LoginAttempt> attempt =
      co_await attempts_.start(std::move(id), hash_of(ticket), hash_of(state), hash_of(started.session));
  if (!attempt) co_return unknown_login();
  std::optional<LoginApp> app = apps_.find(attempt->brand, attempt->app);
  if (!app || app->login_url != attempt->login_url) co_return unknown_login();
  started.authorize_url =
      authorize_url(client_of(*attempt, *app), state, code_challenge(code_verifier(started.session, state)));
  co_return started;
}

base::awaitable<base::Result<LoginAttempt>> AccountLinking::complete(LoginAnswer answer) {
  if (answer.state.empty() || answer.session.empty()) co_return unknown_login();
  std::optional<LoginAttempt> taken =
      co_await attempts_.take(answer.id, hash_of(answer.state), hash_of(answer.session));
  if (!taken) co_return unknown_login();
  LoginAttempt attempt = *std::move(taken);
  base::Status ended = co_await carry_out(attempt, answer);
  attempt.state = ended ? "done" : "refused";
  if (!ended) {
    attempt.error_code = ended.error().code.name;
    attempt.message = ended.error().message;
    log_.warning("a login was refused", {{"login", attempt.id}, {"code", attempt.error_code}});
  }
  co_await attempts_.finish(attempt);
  if (ended && attempt.purpose != LoginPurpose::reauthenticate) co_await rules_.account_linked(attempt);
  co_return attempt;
}

base::awaitable<base::Status> AccountLinking::carry_out(LoginAttempt& attempt, const LoginAnswer& answer) {
  if (!answer.issuer.empty() && origin_of_url(answer.issuer) != attempt.login_url) {
    co_return base::Error{
        login_mixed_up,
        fmt::format("{} was asked, but another host has answered; begin the login again", attempt.login_url)};
  }
  if (!answer.error.empty()) co_return login_refusal(answer.error, answer.error_description);
  if (answer.code.empty()) co_return login_refusal("no code", "the answer holds neither a code nor an error");
  if (base::Status may = rules_.may_log_in(attempt); !may) co_return may;

  std::optional<SlotReservation> slot;
  if (attempt.purpose == LoginPurpose::link) {
    base::Result<SlotReservation> reserved = co_await accounts_.reserve_slot(attempt.brand, attempt.user);
    if (!reserved) co_return reserved.error();
    slot = *std::move(reserved);
  }
  base::Status redeemed = co_await redeem(attempt, answer, slot);
  if (!redeemed && slot) co_await accounts_.release(*slot);
  co_return redeemed;
}

base::awaitable<base::Status> AccountLinking::redeem(LoginAttempt& attempt, const LoginAnswer& answer,
                                                     const std::optional<SlotReservation>& slot) {
  base::Result<Fresh> fresh = co_await exchange(attempt, answer);
  if (!fresh) co_return fresh.error();
  base::Status kept = co_await keep(attempt, *fresh, slot);
  // Whatever is not kept must not stay valid, and would count among the five approvals.
  if (!kept) co_await revoke(fresh->login);
  co_return kept;
}

base::awaitable<base::Result<AccountLinking::Fresh>> AccountLinking::exchange(const LoginAttempt& attempt,
                                                                              const LoginAnswer& answer) {
  std::optional<LoginApp> app = apps_.find(attempt.brand, attempt.app);
  // The secret goes to no host but the one that it was saved with.
  if (!app || app->login_url != attempt.login_url)
    co_return base::Error{login_app_missing, "the login app was removed meanwhile"};
  base::Result<base::Secret> secret = co_await apps_.secret(attempt.brand, attempt.app);
  if (!secret) co_return secret.error();
  if (base::Status allowed = hosts_.check(attempt.login_url); !allowed) co_return allowed.error();

  const AuthorizationClient client = client_of(attempt, *app, *secret);
  const base::Secret code(answer.code), verifier(code_verifier(answer.session, answer.state));
  base::http::Request request = code_request(client, code.reveal(), verifier.reveal());
  base::Result<base::http::Response> response = co_await http_.send(std::move(request));
  if (!response) co_return no_answer(response.error());
  hide_echo(*response, *secret);
  hide_echo(*response, code);
  hide_echo(*response, verifier);
  if (std::optional<base::Error> refusal = login_refusal(*response)) co_return *std::move(refusal);
  base::Result<TokenAnswer> tokens = read_token_answer(*response);
  if (!tokens) co_return tokens.error();

  Fresh fresh;
  fresh.login.kind = LoginKind::refresh_token;
  fresh.login.token_url = token_url_of(attempt.login_url);
  fresh.login.client_id = app->client_id;
  fresh.login.client_secret = *std::move(secret);
  fresh.login = merged(std::move(fresh.login), *tokens);
  base::Status examined = co_await examine(fresh, tokens->org_id, tokens->user_id);
  if (!examined) {
    co_await revoke(fresh.login);
    co_return examined.error();
  }
  co_return fresh;
}

// The token goes nowhere before its instance has passed the host policy.
base::awaitable<base::Status> AccountLinking::examine(Fresh& fresh, std::string org_id, std::string user_id) {
  if (base::Status allowed = hosts_.check(fresh.login.instance_url); !allowed) {
    co_return base::Error{host_not_allowed, fmt::format("Salesforce named a place for the org that is refused: {}",
                                                        allowed.error().message)};
  }
  base::http::Request who = identity_request(fresh.login.instance_url, org_id, user_id, fresh.login.access_token);
  base::Result<base::http::Response> identity_answer = co_await http_.send(std::move(who));
  if (!identity_answer) co_return no_answer(identity_answer.error());
  hide_echo(*identity_answer, fresh.login.access_token);
  base::Result<OrgIdentity> identity = read_identity(*identity_answer);
  if (!identity) co_return identity.error();
  if (!is_same_id(identity->org_id, org_id)) co_return other_org(org_id, identity->org_id);
  if (!is_same_id(identity->user_id, user_id)) {
    co_return base::Error{login_refused, "the org names another user than the login"};
  }
  base::http::Request what =
      organization_request(fresh.login.instance_url, options_.api_version, fresh.login.access_token);
  base::Result<base::http::Response> organization_answer = co_await http_.send(std::move(what));
  if (!organization_answer) co_return no_answer(organization_answer.error());
  hide_echo(*organization_answer, fresh.login.access_token);
  base::Result<Environment> environment = read_organization(*organization_answer);
  if (!environment) co_return environment.error();
  fresh.identity = *std::move(identity);
  fresh.environment = *environment;
  co_return base::Ok{};
}

base::awaitable<base::Status> AccountLinking::keep(LoginAttempt& attempt, const Fresh& fresh,
                                                   const std::optional<SlotReservation>& slot) {
  if (attempt.purpose == LoginPurpose::reauthenticate) co_return co_await prove(attempt, fresh);
  if (fresh.environment != attempt.environment) {
    co_return base::Error{environment_mismatch,
                          fmt::format("org {} is a {} org, but {} was asked for", fresh.identity.org_id,
                                      to_string(fresh.environment), to_string(attempt.environment))};
  }
  if (fresh.login.refresh_token.empty()) {
    co_return base::Error{login_refused,
                          "Salesforce gave no refresh token. The app needs the scope 'Perform requests at any time "
                          "(refresh_token, offline_access)'."};
  }
  if (attempt.purpose == LoginPurpose::refresh) co_return co_await replace(attempt, fresh);
  co_return co_await keep_new(attempt, fresh, slot);
}

base::awaitable<base::Status> AccountLinking::keep_new(LoginAttempt& attempt, const Fresh& fresh,
                                                       const std::optional<SlotReservation>& slot) {
  LinkedAccount account;
  account.name = attempt.name.empty() ? fresh.identity.username : attempt.name;
  account.origin = attempt.purpose == LoginPurpose::link ? Origin::workflows : Origin::extensions;
  account.environment = fresh.environment;
  account.owner = attempt.user;
  account.login = fresh.login;
  account.org_id = fresh.identity.org_id;
  account.salesforce_user = fresh.identity.user_id;
  account.salesforce_username = fresh.identity.username;
  account.app = attempt.app;
  account.last_success = clock_.now();
  if (slot) {
    base::Result<std::string> id = co_await accounts_.link(attempt.user, *slot, std::move(account));
    if (!id) co_return id.error();
    attempt.account = *std::move(id);
  } else {
    attempt.account = co_await accounts_.link_shared(attempt.user, attempt.brand, std::move(account));
  }
  attempt.message = note_on_approvals(attempt, fresh);
  co_return base::Ok{};
}

base::awaitable<base::Status> AccountLinking::replace(LoginAttempt& attempt, const Fresh& fresh) {
  std::optional<LinkedAccount> before = accounts_.look_up(attempt.brand, attempt.account);
  if (!before || before->state == AccountState::removed) {
    co_return base::Error{account_removed, "the account was removed meanwhile"};
  }
  if (!before->org_id.empty() && !is_same_id(before->org_id, fresh.identity.org_id)) {
    co_return other_org(before->org_id, fresh.identity.org_id);
  }
  const bool is_other_user =
      !before->salesforce_user.empty() && !is_same_id(before->salesforce_user, fresh.identity.user_id);
  if (is_other_user && !attempt.confirm_user) {
    co_return base::Error{
        account_other_user,
        fmt::format("'{}' stands for {}, but {} has logged in; if that is meant, refresh again and "
                    "confirm the user",
                    before->name,
                    before->salesforce_username.empty() ? before->salesforce_user : before->salesforce_username,
                    fresh.identity.username)};
  }
  base::Result<Login> old = co_await accounts_.open_login(attempt.brand, attempt.account);
  const bool relinked =
      co_await accounts_.relink(attempt.user, attempt.brand, attempt.account, fresh.login, fresh.identity);
  if (!relinked) co_return base::Error{account_removed, "the account was removed meanwhile"};
  const bool is_replaced = old && old->refresh_token.reveal() != fresh.login.refresh_token.reveal();
  if (is_replaced) co_await revoke(*old);
  attempt.message = note_on_approvals(attempt, fresh);
  co_return base::Ok{};
}

// Proof and nothing else: the token goes back at once, whatever it proves.
base::awaitable<base::Status> AccountLinking::prove(const LoginAttempt& attempt, const Fresh& fresh) {
  co_await revoke(fresh.login);
  const std::vector<std::string> orgs = rules_.orgs_to_prove(attempt.brand, attempt.user);
  const bool is_awaited =
      std::ranges::any_of(orgs, [&](const std::string& org) { return is_same_id(org, fresh.identity.org_id); });
  if (!is_awaited) {
    std::string meant;
    for (const std::string& org : orgs) meant += (meant.empty() ? "" : " or ") + org;
    co_return other_org(meant.empty() ? "none any more" : meant, fresh.identity.org_id);
  }
  co_await rules_.org_proved(attempt.brand, attempt.user, fresh.identity.org_id);
  co_return base::Ok{};
}

// Counts our own accounts: approvals of the same app that others have made are not known here.
std::string AccountLinking::note_on_approvals(const LoginAttempt& attempt, const Fresh& fresh) const {
  const std::vector<LinkedAccount> accounts = accounts_.list(attempt.brand);
  const std::ptrdiff_t approvals = std::ranges::count_if(accounts, [&](const LinkedAccount& one) {
    return one.state != AccountState::removed && one.login.kind == LoginKind::refresh_token &&
           one.login.client_id == fresh.login.client_id && is_same_id(one.salesforce_user, fresh.identity.user_id);
  });
  if (approvals < approvals_of_salesforce - 1) return "";
  return fmt::format(
      "{} accounts stand for {} through this app. Salesforce keeps five approvals per user and app and revokes the "
      "oldest when there is a sixth, so the oldest account {}.",
      approvals, fresh.identity.username, approvals > approvals_of_salesforce ? "has expired now" : "would expire");
}

base::awaitable<base::Result<AccountLinking::Fresh>> AccountLinking::log_in(Login login, Environment environment) {
  for (const std::string& url : {login.token_url, login.audience}) {
    base::Status allowed = url.empty() ? base::Status(base::Ok{}) : hosts_.check(url);
    if (!allowed) co_return allowed.error();
  }
  base::Result<base::http::Request> request = token_request(login, environment, clock_.now());
  if (!request) co_return request.error();
  const base::Secret assertion = assertion_in(*request);
  base::Result<base::http::Response> response = co_await http_.send(*std::move(request));
  if (!response) co_return no_answer(response.error());
  hide_echoes(*response, login);
  hide_echo(*response, assertion);
  if (std::optional<base::Error> refusal = login_refusal(*response)) co_return *std::move(refusal);
  base::Result<TokenAnswer> tokens = read_token_answer(*response, login.kind);
  if (!tokens) co_return tokens.error();
  Fresh fresh;
  fresh.login = merged(std::move(login), *tokens);
  base::Status examined = co_await examine(fresh, tokens->org_id, tokens->user_id);
  if (!examined) co_return examined.error();
  if (fresh.environment != environment) {
    co_return base::Error{environment_mismatch,
                          fmt::format("org {} is a {} org, but {} was asked for", fresh.identity.org_id,
                                      to_string(fresh.environment), to_string(environment))};
  }
  co_return fresh;
}

base::awaitable<base::Result<std::string>> AccountLinking::link_server(std::string who, std::string brand,
                                                                       LinkedAccount account) {
  base::Result<Fresh> fresh = co_await log_in(account.login, account.environment);
  if (!fresh) co_return fresh.error();
  if (!account.org_id.empty() && !is_same_id(account.org_id, fresh->identity.org_id))
    co_return other_org(account.org_id, fresh->identity.org_id);
  account.login = fresh->login;
  account.org_id = fresh->identity.org_id;
  account.salesforce_user = fresh->identity.user_id;
  account.salesforce_username = fresh->identity.username;
  account.last_success = clock_.now();
  std::string id = co_await accounts_.link_shared(std::move(who), std::move(brand), std::move(account));
  co_return id;
}

base::awaitable<base::Status> AccountLinking::relink_server(std::string who, std::string brand, std::string account_id,
                                                            Login login) {
  std::optional<LinkedAccount> before = accounts_.look_up(brand, account_id);
  if (!before || before->state == AccountState::removed) co_return base::Error{account_removed, "no such account"};
  base::Result<Fresh> fresh = co_await log_in(std::move(login), before->environment);
  if (!fresh) co_return fresh.error();
  if (!before->org_id.empty() && !is_same_id(before->org_id, fresh->identity.org_id))
    co_return other_org(before->org_id, fresh->identity.org_id);
  const bool relinked =
      co_await accounts_.relink(std::move(who), std::move(brand), std::move(account_id), fresh->login, fresh->identity);
  if (!relinked) co_return base::Error{account_removed, "the account was removed meanwhile"};
  co_return base::Ok{};
}

// A refresh token takes its access tokens with it.
base::awaitable<bool> AccountLinking::revoke(Login login) {
  const base::Secret& token = login.refresh_token.empty() ? login.access_token : login.refresh_token;
  if (token.empty()) co_return true;
  if (!hosts_.check(login.token_url)) co_return false;
  base::http::Request request = revoke_request(origin_of_url(login.token_url), token);
  base::Result<base::http::Response> response = co_await http_.send(std::move(request));
  // 400: it was no valid token any more.
  const bool is_revoked = response && (response->status == 200 || response->status == 400);
  if (!is_revoked) log_.warning("a token could not be revoked", {{"host", origin_of_url(login.token_url)}});
  co_return is_revoked;
}

}  // namespace connectors
