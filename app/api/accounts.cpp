// Linked accounts: made by a brand admin, shared, refreshed, removed. Secrets go in and never come out.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "base/json_writer.hpp"
#include "connectors/accounts/account_file.hpp"

namespace app::api {
namespace {

void write_account(base::JsonWriter& json, const connectors::LinkedAccount& account) {
  json.begin_object();
  json.field("id", account.id);
  json.field("name", account.name);
  json.field("origin", connectors::to_string(account.origin));
  json.field("environment", connectors::to_string(account.environment));
  json.field("login", connectors::to_string(account.login.kind));
  json.field("state", account.state == connectors::AccountState::expired ? "Account Token Expired"
                                                                         : connectors::to_string(account.state));
  if (!account.state_reason.empty()) json.field("reason", account.state_reason);
  json.field("owner", account.owner);
  json.field("org_id", account.org_id);
  json.field("salesforce_user", account.salesforce_user);
  json.key("shared_with");
  json.begin_array();
  for (const connectors::Share& share : account.shares) {
    if (!share.revoked) json.string(share.with);
  }
  json.end_array();
  if (account.last_success) json.field("last_success", base::to_iso8601(*account.last_success));
  json.end_object();
}

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

base::http::Response no_such_account() { return problem(404, "account_unknown", "there is no such account"); }

// "brand", or the id of a user of the brand; nullopt otherwise.
std::optional<std::string> share_partner(Context& context, const Principal& who, const std::string& with) {
  if (with == "brand" || context.services.people.user(who.brand, with)) return with;
  return std::nullopt;
}

}  // namespace

Answer list_accounts(Context& context, const Principal& who, Request&) {
  base::JsonWriter json;
  json.begin_object();
  json.key("accounts");
  json.begin_array();
  for (const connectors::LinkedAccount& account : context.services.accounts.list(who.brand_id))
    write_account(json, account);
  json.end_array();
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

// The body is an account file's content, with its secrets in plain text.
Answer post_account(Context& context, const Principal& who, Request& request) {
  connectors::AccountFile check = connectors::read_account_body(request.body);
  if (!check.account) co_return problem(check.findings);
  connectors::LinkedAccount account = *std::move(check.account);
  account.origin = connectors::Origin::extensions;
  account.owner = who.user;
  account.shares
      .clear();  // a file's account is everybody's; one that is linked here belongs to nobody until it is shared
  const std::string id = co_await context.services.accounts.link_shared(who.user, who.brand_id, std::move(account));
  co_return account_answer(context, who, id, 201, 0);
}

// {"with": "brand"} or {"with": "usr_…"}
Answer post_share(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  const std::optional<std::string> with = share_partner(context, who, text_of(*body, "with"));
  if (!with) co_return problem(422, "body_invalid", "'with' must be \"brand\" or the id of a user of this brand");
  const bool shared = co_await context.services.accounts.share(who.user, who.brand_id, id, *with);
  if (!shared) co_return no_such_account();
  std::vector<std::string> keys{"account:" + id};
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(keys));
  co_return account_answer(context, who, id, 200, lifted);
}

// The same body, or ?with=…
Answer delete_share(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  std::string with(request.query_value("with"));
  if (with.empty()) with = text_of(*body, "with");
  if (!context.services.accounts.look_up(who.brand_id, id)) co_return no_such_account();
  const bool unshared = co_await context.services.accounts.unshare(who.user, who.brand_id, id, with);
  if (!unshared) co_return problem(422, "body_invalid", "the account is not shared with 'with'");
  co_return account_answer(context, who, id, 200, 0);
}

// Tries the login again; with new login data in the body, with that. Only a login that works lifts what is held.
Answer refresh_account(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  std::optional<connectors::LinkedAccount> account = context.services.accounts.find(id);
  if (!account || !context.services.accounts.look_up(who.brand_id, id)) co_return no_such_account();
  if (!request.body.empty()) {
    connectors::AccountFile check = connectors::read_account_body(request.body);
    if (!check.account) co_return problem(check.findings);
    connectors::OrgIdentity unchanged;
    co_await context.services.accounts.relink(who.user, who.brand_id, id, check.account->login, std::move(unchanged));
  } else {
    co_await context.services.accounts.try_again(who.user, who.brand_id, id);
  }
  base::Result<connectors::Session> session = co_await context.services.sessions.open(id);
  if (!session) co_return problem(409, session.error());
  std::vector<std::string> keys{"account:" + id};
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(keys));
  co_return account_answer(context, who, id, 200, lifted);
}

Answer delete_account(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const bool removed = co_await context.services.accounts.remove(who.user, who.brand_id, id);
  if (!removed) co_return no_such_account();
  co_return base::http::Response{204, {}, ""};
}

}  // namespace app::api
