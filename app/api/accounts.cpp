// Linked accounts: seen, renamed, shared, refreshed, removed; made here server to server. Secrets go in and never come
// out.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/api/account_json.hpp"
#include "app/api/account_problem.hpp"
#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/licensing.hpp"
#include "app/api/paging.hpp"
#include "connectors/accounts/account_file.hpp"

namespace app::api {
namespace {

using connectors::AccountState;
using connectors::LinkedAccount;

base::http::Response no_such_account() { return problem(404, "account_unknown", "there is no such account"); }

base::http::Response account_answer(Context& context, const Principal& who, const std::string& id, int status,
                                    std::int64_t released) {
  base::JsonWriter json;
  json.begin_object();
  json.key("account");
  write_account(json, *context.services.accounts.look_up(who.brand_id, id));
  json.field("released", released);
  json.end_object();
  return base::http::json_response(status, json.take());
}

// The account that a request names; nullopt when it is removed. Whether the asker may is said by the route table.
std::optional<LinkedAccount> named_account(const Context& context, const Principal& who, const Request& request) {
  std::optional<LinkedAccount> account = context.services.accounts.look_up(who.brand_id, request.param("id"));
  if (account && account->state == AccountState::removed) return std::nullopt;
  return account;
}

// "brand", or the id of a user or group of the brand; nullopt otherwise.
std::optional<std::string> share_partner(Context& context, const Principal& who, const std::string& with) {
  const engine::PeopleStore& people = context.services.people;
  if (with == "brand" || people.user(who.brand, with) || people.group(who.brand, with)) return with;
  return std::nullopt;
}

}  // namespace

Answer list_accounts(Context& context, const Principal& who, Request& request) {
  PageRequest page = read_page(request, {"environment", "origin", "state"});
  if (page.refusal) co_return *std::move(page.refusal);
  std::vector<LinkedAccount> accounts = context.services.accounts.list(who.brand_id);
  std::erase_if(accounts, [&](const LinkedAccount& account) {
    return !may_see_account(context, who, account) ||
           !passes(request.query_value("environment"), connectors::to_string(account.environment)) ||
           !passes(request.query_value("origin"), connectors::to_string(account.origin)) ||
           !passes(request.query_value("state"), connectors::to_string(account.state));
  });
  std::ranges::sort(accounts, {}, &LinkedAccount::id);
  co_return page_of(
      "accounts", accounts, page.page, [](const LinkedAccount& account) { return account.id; }, write_account);
}

Answer show_account(Context& context, const Principal& who, Request& request) {
  const std::optional<LinkedAccount> account = context.services.accounts.look_up(who.brand_id, request.param("id"));
  if (!account) co_return no_such_account();
  base::JsonWriter json;
  write_account(json, *account);
  co_return base::http::json_response(200, json.take());
}

// The body is an account file's content, with its secrets in plain text. Kept only when its one login works.
Answer post_account(Context& context, const Principal& who, Request& request) {
  if (std::optional<base::http::Response> refusal = refuse_without_license(context, who)) co_return *std::move(refusal);
  connectors::AccountFile check = connectors::read_account_body(request.body);
  if (!check.account) co_return problem(check.findings);
  LinkedAccount account = *std::move(check.account);
  if (account.login.kind == connectors::LoginKind::refresh_token) {
    co_return problem(422, "login_needed",
                      "an account of a person is linked by a login, not by a token: POST /logins with purpose share");
  }
  account.origin = connectors::Origin::extensions;
  account.owner = who.user;
  // A file's account is everybody's; one that is linked here belongs to nobody until it is shared.
  account.shares.clear();
  base::Result<std::string> id =
      co_await context.services.linking.link_server(who.user, who.brand_id, std::move(account));
  if (!id) co_return account_problem(id.error());
  co_return account_answer(context, who, *id, 201, 0);
}

// {"name": "…"}
Answer rename_account(Context& context, const Principal& who, Request& request) {
  const std::optional<LinkedAccount> account = named_account(context, who, request);
  if (!account) co_return no_such_account();
  const nlohmann::json body = object_of(request).value_or(nlohmann::json::object());
  std::string name = text_of(body, "name");
  if (name.empty() || name.size() > 200) co_return problem(422, "body_invalid", "'name' has 1 to 200 bytes");
  const std::string id = account->id;
  co_await context.services.accounts.rename(who.user, who.brand_id, id, std::move(name));
  co_return account_answer(context, who, id, 200, 0);
}

// {"with": "brand"}, {"with": "usr_…"} or {"with": "grp_…"}
Answer post_share(Context& context, const Principal& who, Request& request) {
  const std::optional<LinkedAccount> account = named_account(context, who, request);
  if (!account) co_return no_such_account();
  if (account->origin == connectors::Origin::workflows)
    co_return problem(409, "account_personal", "a personal account cannot be shared");
  const std::string id = account->id;
  const std::optional<nlohmann::json> body = object_of(request);
  const std::optional<std::string> with = share_partner(context, who, body ? text_of(*body, "with") : "");
  if (!with)
    co_return problem(422, "body_invalid", "'with' must be \"brand\" or the id of a user or group of this brand");
  const bool shared = co_await context.services.accounts.share(who.user, who.brand_id, id, *with);
  if (!shared) co_return no_such_account();
  std::vector<std::string> keys{"account:" + id};
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(keys));
  co_return account_answer(context, who, id, 200, lifted);
}

// The same body, or ?with=…
Answer delete_share(Context& context, const Principal& who, Request& request) {
  const std::optional<LinkedAccount> account = named_account(context, who, request);
  if (!account) co_return no_such_account();
  const std::string id = account->id;
  const std::optional<nlohmann::json> body = object_of(request);
  std::string with(request.query_value("with"));
  if (with.empty() && body) with = text_of(*body, "with");
  const bool unshared = co_await context.services.accounts.unshare(who.user, who.brand_id, id, with);
  if (!unshared) co_return problem(422, "body_invalid", "the account is not shared with 'with'");
  co_return account_answer(context, who, id, 200, 0);
}

// Tries the login again; with new login data in the body, with that, into the same org. Only a login that works lifts
// what is held. (A login in a browser is refreshed by another one: POST /logins.)
Answer refresh_account(Context& context, const Principal& who, Request& request) {
  const std::optional<LinkedAccount> account = named_account(context, who, request);
  if (!account) co_return no_such_account();
  if (std::optional<base::http::Response> refusal = refuse_without_license(context, who)) co_return *std::move(refusal);
  const std::string id = account->id;
  if (!request.body.empty()) {
    connectors::AccountFile check = connectors::read_account_body(request.body);
    if (!check.account) co_return problem(check.findings);
    if (check.account->login.kind == connectors::LoginKind::refresh_token)
      co_return problem(422, "login_needed", "refresh it by a login: POST /logins with purpose refresh");
    base::Status relinked =
        co_await context.services.linking.relink_server(who.user, who.brand_id, id, check.account->login);
    if (!relinked) co_return problem(409, relinked.error());
  } else {
    co_await context.services.accounts.try_again(who.user, who.brand_id, id);
  }
  base::Result<connectors::Session> session = co_await context.services.sessions.open(id);
  if (!session) co_return problem(409, session.error());
  std::vector<std::string> keys{"account:" + id};
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(keys));
  co_return account_answer(context, who, id, 200, lifted);
}

Answer show_account_dependants(Context& context, const Principal& who, Request& request) {
  const std::optional<LinkedAccount> account = named_account(context, who, request);
  if (!account) co_return no_such_account();
  const AccountDependants dependants = co_await dependants_of(context, who.brand, account->id);
  base::JsonWriter json;
  json.begin_object();
  write_dependants(json, dependants);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

// 204; or 200 with a word on it when Salesforce could not be told to revoke the token. ?if_unused=true: only when
// nothing hangs on it.
Answer delete_account(Context& context, const Principal& who, Request& request) {
  const std::optional<LinkedAccount> account = named_account(context, who, request);
  if (!account) co_return no_such_account();
  const std::string id = account->id;
  if (request.query_value("if_unused") == "true") {
    const AccountDependants dependants = co_await dependants_of(context, who.brand, id);
    if (!dependants.bound.empty()) {
      base::JsonWriter json;
      json.begin_object();
      json.field("type", problem_type("account_in_use"));
      json.field("title", "Conflict");
      json.field("status", 409);
      json.field("code", "account_in_use");
      json.field("detail", "workflows are bound to the account; removing it holds their runs");
      write_dependants(json, dependants);
      json.end_object();
      co_return base::http::Response{409, {{"content-type", "application/problem+json"}}, json.take()};
    }
  }
  // The secrets go with the account, so the token is read before and revoked after: what is removed here stays removed,
  // whatever Salesforce says.
  base::Result<connectors::Login> login = co_await context.services.accounts.open_login(who.brand_id, id);
  const bool removed = co_await context.services.accounts.remove(who.user, who.brand_id, id);
  if (!removed) co_return no_such_account();
  bool is_revoked = false;
  if (login) is_revoked = co_await context.services.linking.revoke(*login);
  if (is_revoked) co_return base::http::Response{204, {}, ""};
  base::JsonWriter json;
  json.begin_object();
  json.field("removed", true);
  json.field("revoked", false);
  json.field("detail",
             "Salesforce could not be told to revoke the token. Revoke it there: Setup > Connected Apps OAuth Usage.");
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
