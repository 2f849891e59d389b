#include "app/api/access.hpp"

#include <fmt/format.h>

#include "app/api/account_json.hpp"
#include "app/api/problem.hpp"

namespace app::api {
namespace {

using base::http::Response;

std::optional<Response> refuse_by_role(const Context& context, Access access, const Principal& who,
                                       const Request& request) {
  switch (access) {
    case Access::open:
    case Access::hook:
    case Access::known: return std::nullopt;
    case Access::brand_admin_or_operator:
      if (who.is_operator() || who.is_admin()) return std::nullopt;
      return problem(403, "brand_admin_only", "only a brand admin may do this");
    case Access::operator_only:
      if (who.is_operator()) return std::nullopt;
      return problem(403, "operator_only", "only the operator of this server may do this, with the operator's token");
    case Access::signed_in:
      if (!who.is_operator()) return std::nullopt;
      return problem(403, "users_only", "the operator sees no project, account or run; use a user's token");
    case Access::brand_admin:
      if (who.is_admin()) return std::nullopt;
      return problem(403, "brand_admin_only", "only a brand admin may do this");
    case Access::self_or_brand_admin: {
      if (who.is_operator()) return problem(403, "users_only", "the operator manages brands, not their users");
      const std::string_view id = request.param("id");
      if (!context.services.people.user(who.brand, id)) return problem(404, "user_unknown", "there is no such user");
      if (who.is_admin() || who.user == id) return std::nullopt;
      return problem(403, "brand_admin_only", "only the user and brand admins may do this");
    }
  }
  return std::nullopt;
}

std::string_view word_for(Needed::On on) {
  switch (on) {
    case Needed::On::project: return "project";
    case Needed::On::workflow: return "workflow";
    case Needed::On::run: return "run";
    case Needed::On::account: return "account";
    case Needed::On::nothing: break;
  }
  return "thing";
}

// "" where the brand has no such thing.
base::awaitable<std::string> project_of(Context& context, Needed::On on, engine::BrandId brand, std::string id) {
  switch (on) {
    case Needed::On::nothing:
    case Needed::On::account: break;
    case Needed::On::project: co_return context.services.people.project(brand, id) ? id : "";
    case Needed::On::workflow: {
      const engine::Workflow* workflow = context.services.workflows.find(brand, id);
      co_return workflow ? workflow->project : "";
    }
    case Needed::On::run: {
      const std::optional<engine::RunRow> run = co_await context.services.history.find(brand, id);
      co_return run ? run->project : "";
    }
  }
  co_return "";
}

Response not_there(std::string_view what) {
  return problem(404, fmt::format("{}_unknown", what), fmt::format("there is no such {}", what));
}

std::optional<Response> refuse_by_right(engine::Right needed, const Context& context, const Principal& who,
                                        std::string_view project, std::string_view what) {
  const engine::Right right = context.services.people.right_of(who.brand, project, who.user);
  if (right == engine::Right::none) return not_there(what);
  if (right >= needed) return std::nullopt;
  return not_allowed(needed, right);
}

std::optional<Response> refuse_by_account(engine::Right needed, const Context& context, const Principal& who,
                                          std::string_view id) {
  const std::optional<connectors::LinkedAccount> account = context.services.accounts.look_up(who.brand_id, id);
  if (!account || !may_see_account(context, who, *account)) return not_there("account");
  if (needed <= engine::Right::view || may_manage_account(who, *account)) return std::nullopt;
  return problem(403, "brand_admin_only", "only a brand admin may change a shared account");
}

}  // namespace

base::awaitable<Entry> enter(Context& context, Access access, Needed needed, const Request& request) {
  Entry entry;
  if (access == Access::open || access == Access::hook) co_return entry;
  entry.principal = principal_of(context, request);
  if (!entry.principal) {
    entry.refusal = problem(401, "token_unknown", "send a known API token as 'Authorization: Bearer …'");
    entry.refusal->headers.emplace_back("www-authenticate", "Bearer");
    co_return entry;
  }
  entry.refusal = refuse_by_role(context, access, *entry.principal, request);
  if (entry.refusal || needed.on == Needed::On::nothing) co_return entry;
  if (needed.on == Needed::On::account) {
    entry.refusal = refuse_by_account(needed.right, context, *entry.principal, request.param("id"));
    co_return entry;
  }
  const std::string project =
      co_await project_of(context, needed.on, entry.principal->brand, std::string(request.param("id")));
  entry.refusal = refuse_by_right(needed.right, context, *entry.principal, project, word_for(needed.on));
  co_return entry;
}

std::optional<std::vector<std::string>> visible_projects(const Context& context, const Principal& who) {
  if (who.is_admin()) return std::nullopt;
  std::vector<std::string> ids;
  for (const engine::Project& project : context.services.people.projects(who.brand)) {
    if (context.services.people.right_of(who.brand, project.id, who.user) != engine::Right::none)
      ids.push_back(project.id);
  }
  return ids;
}

std::optional<Response> refuse_without(engine::Right needed, const Context& context, const Principal& who,
                                       std::string_view project) {
  return refuse_by_right(needed, context, who, project, "project");
}

}  // namespace app::api
