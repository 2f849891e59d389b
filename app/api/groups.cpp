// Groups of users: with them accounts are shared.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "base/id.hpp"

namespace app::api {
namespace {

void write_group_members(base::JsonWriter& json, const engine::Group& group) {
  json.field("id", group.id);
  json.field("name", group.name);
  json.key("members");
  json.begin_array();
  for (const std::string& user : group.members) json.string(user);
  json.end_array();
}

void write_group(base::JsonWriter& json, const engine::Group& group) {
  json.begin_object();
  write_group_members(json, group);
  json.end_object();
}

base::http::Response no_such_group() { return problem(404, "group_unknown", "there is no such group"); }
base::http::Response group_exists() { return problem(409, "group_exists", "there is a group of that name"); }

base::http::Response group_answer(const Context& context, const Principal& who, std::string_view id, int status,
                                  std::optional<std::int64_t> released = {}) {
  const std::optional<engine::Group> group = context.services.people.group(who.brand, id);
  if (!group) return no_such_group();
  base::JsonWriter json;
  json.begin_object();
  write_group_members(json, *group);
  if (released) json.field("released", *released);
  json.end_object();
  return base::http::json_response(status, json.take());
}

std::vector<std::string> accounts_shared_with(const Context& context, const Principal& who, const std::string& group) {
  std::vector<std::string> ids;
  for (const connectors::LinkedAccount& account : context.services.accounts.list(who.brand_id)) {
    const bool is_shared = std::ranges::any_of(
        account.shares, [&](const connectors::Share& share) { return share.with == group && !share.revoked; });
    if (is_shared && account.state != connectors::AccountState::removed) ids.push_back(account.id);
  }
  return ids;
}

// Runs that wait on an account of which the group's members may use more now, or less.
base::awaitable<std::int64_t> lift_accounts_of(Context& context, const Principal& who, std::string group) {
  std::vector<std::string> keys;
  for (const std::string& id : accounts_shared_with(context, who, group)) keys.push_back("account:" + id);
  co_return co_await context.services.lift(who.brand, std::move(keys));
}

}  // namespace

Answer list_groups(Context& context, const Principal& who, Request& request) {
  PageRequest read = read_page(request, {"member"});
  if (read.refusal) co_return *std::move(read.refusal);
  std::vector<engine::Group> groups = context.services.people.groups(who.brand);
  if (const std::string_view member = request.query_value("member"); !member.empty()) {
    std::erase_if(groups, [&](const engine::Group& group) {
      return std::ranges::find(group.members, member) == group.members.end();
    });
  }
  co_return page_of("groups", groups, read.page, [](const engine::Group& group) { return group.id; }, write_group);
}

Answer show_group(Context& context, const Principal& who, Request& request) {
  co_return group_answer(context, who, request.param("id"), 200);
}

Answer post_group(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  engine::Group group{base::random_id("grp_", context.services.random), text_of(*body, "name")};
  const std::string id = group.id;
  const bool is_added = co_await context.services.people.add_group(who.user, who.brand, std::move(group));
  co_return is_added ? group_answer(context, who, id, 201) : group_exists();
}

Answer patch_group(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  if (!context.services.people.group(who.brand, id)) co_return no_such_group();
  const std::optional<nlohmann::json> body = object_of(request);
  std::string name = text_of(*body, "name");
  const bool is_renamed = co_await context.services.people.rename_group(who.user, who.brand, id, std::move(name));
  co_return is_renamed ? group_answer(context, who, id, 200) : group_exists();
}

Answer delete_group(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  if (!context.services.people.group(who.brand, id)) co_return no_such_group();
  if (const std::vector<std::string> accounts = accounts_shared_with(context, who, id); !accounts.empty()) {
    co_return problem(409, "group_in_use",
                      fmt::format("accounts are shared with it ({}); share them with others first, or no longer",
                                  fmt::join(accounts, ", ")));
  }
  co_await context.services.people.remove_group(who.user, who.brand, id);
  co_return base::http::Response{204, {}, ""};
}

Answer put_member(Context& context, const Principal& who, Request& request) {
  const std::string group(request.param("id"));
  const std::string user(request.param("user"));
  if (!context.services.people.group(who.brand, group)) co_return no_such_group();
  if (!context.services.people.user(who.brand, user)) co_return problem(404, "user_unknown", "there is no such user");
  co_await context.services.people.join_group(who.user, who.brand, group, user);
  const std::int64_t lifted = co_await lift_accounts_of(context, who, group);
  co_return group_answer(context, who, group, 200, lifted);
}

Answer delete_member(Context& context, const Principal& who, Request& request) {
  const std::string group(request.param("id"));
  if (!context.services.people.group(who.brand, group)) co_return no_such_group();
  const std::string user(request.param("user"));
  const bool was_member = co_await context.services.people.leave_group(who.user, who.brand, group, user);
  if (!was_member) co_return problem(404, "user_unknown", "the group has no such member");
  const std::int64_t lifted = co_await lift_accounts_of(context, who, group);
  co_return group_answer(context, who, group, 200, lifted);
}

}  // namespace app::api
