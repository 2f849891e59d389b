// Changes of users, groups, tokens and projects. Whether one may be made is judged in its own transaction where two of
// them could come at once.
#include <algorithm>

#include "engine/people_store.hpp"

namespace engine {

namespace {

// The gate may answer differently after a change, or never does: names and tokens are nothing to it.
constexpr bool with_epoch = true;
constexpr bool without_epoch = false;

}  // namespace

base::awaitable<bool> PeopleStore::add_user(std::string who, BrandId brand, User user) {
  base::sql::Batch batch{{R"sql(INSERT INTO brand_user (brand, id, name, role, created_at) SELECT $1, $2, $3, $4, $5
             WHERE NOT EXISTS (SELECT 1 FROM brand_user WHERE brand = $1 AND name = $3))sql",
                          {brand.no, user.id, user.name, std::string(to_string(user.role)), now()}}};
  AuditEntry entry{std::move(who), "user.added", user.id, audit_details({{"role", to_string(user.role)}})};
  const bool is_added = co_await change_if(brand, std::move(entry), std::move(batch), with_epoch);
  if (is_added) brands_.at(brand.no).users[user.id] = user;
  co_return is_added;
}

base::awaitable<bool> PeopleStore::rename_user(std::string who, BrandId brand, std::string user, std::string name) {
  base::sql::Batch batch{{R"sql(UPDATE brand_user SET name = $3 WHERE brand = $1 AND id = $2
             AND NOT EXISTS (SELECT 1 FROM brand_user WHERE brand = $1 AND name = $3 AND id <> $2))sql",
                          {brand.no, user, name}}};
  AuditEntry entry{std::move(who), "user.renamed", user};
  const bool is_renamed = co_await change_if(brand, std::move(entry), std::move(batch), without_epoch);
  if (is_renamed) brands_.at(brand.no).users.at(user).name = std::move(name);
  co_return is_renamed;
}

base::awaitable<bool> PeopleStore::set_role(std::string who, BrandId brand, std::string user, Role role) {
  base::sql::Batch batch{{R"sql(UPDATE brand_user SET role = $3 WHERE brand = $1 AND id = $2 AND ($3 = 'brand_admin'
             OR EXISTS (SELECT 1 FROM brand_user WHERE brand = $1 AND role = 'brand_admin' AND id <> $2)))sql",
                          {brand.no, user, std::string(to_string(role))}}};
  AuditEntry entry{std::move(who), "user.role_changed", user, audit_details({{"role", to_string(role)}})};
  const bool is_changed = co_await change_if(brand, std::move(entry), std::move(batch), with_epoch);
  if (is_changed) brands_.at(brand.no).users.at(user).role = role;
  co_return is_changed;
}

base::awaitable<bool> PeopleStore::remove_user(std::string who, BrandId brand, std::string user) {
  base::sql::Batch batch{
      {R"sql(DELETE FROM brand_user WHERE brand = $1 AND id = $2
             AND EXISTS (SELECT 1 FROM brand_user WHERE brand = $1 AND role = 'brand_admin' AND id <> $2)
             AND NOT EXISTS (SELECT 1 FROM project WHERE brand = $1 AND owner = $2))sql",
       {brand.no, user}},
      {R"sql(DELETE FROM api_token WHERE brand = $1 AND user_id = $2)sql", {brand.no, user}},
      {R"sql(DELETE FROM group_member WHERE brand = $1 AND user_id = $2)sql", {brand.no, user}},
      {R"sql(DELETE FROM project_collaborator WHERE brand = $1 AND user_id = $2)sql", {brand.no, user}}};
  AuditEntry entry{std::move(who), "user.removed", user};
  if (!co_await change_if(brand, std::move(entry), std::move(batch), with_epoch)) co_return false;
  Held& held = brands_.at(brand.no);
  held.users.erase(user);
  std::erase_if(held.tokens, [&](const auto& token) { return token.second.user == user; });
  std::erase_if(tokens_, [&](const auto& token) { return token.second.brand == brand && token.second.user == user; });
  for (auto& [id, group] : held.groups) std::erase(group.members, user);
  for (auto& [id, project] : held.projects)
    std::erase_if(project.collaborators, [&](const Collaborator& one) { return one.user == user; });
  co_return true;
}

base::awaitable<bool> PeopleStore::add_group(std::string who, BrandId brand, Group group) {
  base::sql::Batch batch{{R"sql(INSERT INTO brand_group (brand, id, name) SELECT $1, $2, $3
                                WHERE NOT EXISTS (SELECT 1 FROM brand_group WHERE brand = $1 AND name = $3))sql",
                          {brand.no, group.id, group.name}}};
  AuditEntry entry{std::move(who), "group.added", group.id};
  const bool is_added = co_await change_if(brand, std::move(entry), std::move(batch), without_epoch);
  if (is_added) brands_.at(brand.no).groups[group.id] = group;
  co_return is_added;
}

base::awaitable<bool> PeopleStore::rename_group(std::string who, BrandId brand, std::string group, std::string name) {
  base::sql::Batch batch{{R"sql(UPDATE brand_group SET name = $3 WHERE brand = $1 AND id = $2
             AND NOT EXISTS (SELECT 1 FROM brand_group WHERE brand = $1 AND name = $3 AND id <> $2))sql",
                          {brand.no, group, name}}};
  AuditEntry entry{std::move(who), "group.renamed", group};
  const bool is_renamed = co_await change_if(brand, std::move(entry), std::move(batch), without_epoch);
  if (is_renamed) brands_.at(brand.no).groups.at(group).name = std::move(name);
  co_return is_renamed;
}

base::awaitable<void> PeopleStore::remove_group(std::string who, BrandId brand, std::string group) {
  base::sql::Batch batch{{R"sql(DELETE FROM group_member WHERE brand = $1 AND group_id = $2)sql", {brand.no, group}},
                         {R"sql(DELETE FROM brand_group WHERE brand = $1 AND id = $2)sql", {brand.no, group}}};
  AuditEntry entry{std::move(who), "group.removed", group};
  co_await audit_.commit(brand, std::move(entry), std::move(batch), with_epoch);
  brands_.at(brand.no).groups.erase(group);
}

base::awaitable<bool> PeopleStore::join_group(std::string who, BrandId brand, std::string group, std::string user) {
  base::sql::Batch batch{{R"sql(INSERT INTO group_member (brand, group_id, user_id) SELECT $1, $2, $3
                                WHERE EXISTS (SELECT 1 FROM brand_group WHERE brand = $1 AND id = $2)
                                  AND EXISTS (SELECT 1 FROM brand_user WHERE brand = $1 AND id = $3)
                                ON CONFLICT (brand, group_id, user_id) DO NOTHING)sql",
                          {brand.no, group, user}}};
  AuditEntry entry{std::move(who), "group.joined", group, audit_details({{"user", user}})};
  const bool is_new = co_await change_if(brand, std::move(entry), std::move(batch), with_epoch);
  if (is_new) brands_.at(brand.no).groups.at(group).members.push_back(std::move(user));
  co_return is_new;
}

base::awaitable<bool> PeopleStore::leave_group(std::string who, BrandId brand, std::string group, std::string user) {
  base::sql::Batch batch{{R"sql(DELETE FROM group_member WHERE brand = $1 AND group_id = $2 AND user_id = $3)sql",
                          {brand.no, group, user}}};
  AuditEntry entry{std::move(who), "group.left", group, audit_details({{"user", user}})};
  const bool was_member = co_await change_if(brand, std::move(entry), std::move(batch), with_epoch);
  if (was_member) std::erase(brands_.at(brand.no).groups.at(group).members, user);
  co_return was_member;
}

base::awaitable<void> PeopleStore::add_token(std::string who, BrandId brand, ApiToken token, std::string token_hash) {
  token.created_at = clock_.now();
  base::sql::Statement statement{
      R"sql(INSERT INTO api_token (hash, brand, id, user_id, label, created_at) VALUES ($1, $2, $3, $4, $5, $6))sql",
      {token_hash, brand.no, token.id, token.user, token.label, base::to_millis(token.created_at)}};
  AuditEntry entry{std::move(who), "token.added", token.id, audit_details({{"user", token.user}})};
  co_await change(brand, std::move(entry), std::move(statement), without_epoch);
  tokens_[token_hash] = Principal{brand, token.user, token.id};
  brands_.at(brand.no).tokens[token_hash] = std::move(token);
}

base::awaitable<void> PeopleStore::revoke_token(std::string who, BrandId brand, std::string token) {
  base::sql::Statement statement{R"sql(DELETE FROM api_token WHERE brand = $1 AND id = $2)sql", {brand.no, token}};
  AuditEntry entry{std::move(who), "token.revoked", token};
  co_await change(brand, std::move(entry), std::move(statement), without_epoch);
  std::erase_if(brands_.at(brand.no).tokens, [&](const auto& held) { return held.second.id == token; });
  std::erase_if(tokens_, [&](const auto& held) { return held.second.token == token; });
}

base::awaitable<void> PeopleStore::add_operator_token(std::string who, std::string token_hash) {
  base::sql::Statement statement{R"sql(INSERT INTO operator_token (hash, created_at) VALUES ($1, $2))sql",
                                 {token_hash, now()}};
  AuditEntry entry{std::move(who), "operator_token.added", "operator"};
  co_await change(server_itself, std::move(entry), std::move(statement), without_epoch);
  operator_tokens_.insert(std::move(token_hash));
}

base::awaitable<void> PeopleStore::add_project(std::string who, BrandId brand, Project project) {
  base::sql::Statement statement{R"sql(INSERT INTO project (brand, id, name, owner) VALUES ($1, $2, $3, $4))sql",
                                 {brand.no, project.id, project.name, project.owner}};
  AuditEntry entry{std::move(who), "project.added", project.id, audit_details({{"owner", project.owner}})};
  co_await change(brand, std::move(entry), std::move(statement));
  brands_.at(brand.no).projects[project.id] = std::move(project);
}

base::awaitable<void> PeopleStore::rename_project(std::string who, BrandId brand, std::string project,
                                                  std::string name) {
  base::sql::Statement statement{R"sql(UPDATE project SET name = $3 WHERE brand = $1 AND id = $2)sql",
                                 {brand.no, project, name}};
  AuditEntry entry{std::move(who), "project.renamed", project};
  co_await change(brand, std::move(entry), std::move(statement), without_epoch);
  brands_.at(brand.no).projects.at(project).name = std::move(name);
}

base::awaitable<void> PeopleStore::remove_project(std::string who, BrandId brand, std::string project) {
  base::sql::Batch batch{
      {R"sql(DELETE FROM project_collaborator WHERE brand = $1 AND project = $2)sql", {brand.no, project}},
      {R"sql(DELETE FROM project WHERE brand = $1 AND id = $2)sql", {brand.no, project}}};
  AuditEntry entry{std::move(who), "project.removed", project};
  co_await audit_.commit(brand, std::move(entry), std::move(batch), with_epoch);
  brands_.at(brand.no).projects.erase(project);
}

base::awaitable<bool> PeopleStore::set_collaborator(std::string who, BrandId brand, std::string project,
                                                    Collaborator collaborator) {
  base::sql::Batch batch{{R"sql(INSERT INTO project_collaborator (brand, project, user_id, access) SELECT $1, $2, $3, $4
             WHERE EXISTS (SELECT 1 FROM project WHERE brand = $1 AND id = $2)
               AND EXISTS (SELECT 1 FROM brand_user WHERE brand = $1 AND id = $3)
             ON CONFLICT (brand, project, user_id) DO UPDATE SET access = $4)sql",
                          {brand.no, project, collaborator.user, std::string(to_string(collaborator.right))}}};
  AuditEntry entry{std::move(who), "project.shared", project,
                   audit_details({{"user", collaborator.user}, {"right", to_string(collaborator.right)}})};
  if (!co_await change_if(brand, std::move(entry), std::move(batch), with_epoch)) co_return false;
  std::vector<Collaborator>& all = brands_.at(brand.no).projects.at(project).collaborators;
  std::erase_if(all, [&](const Collaborator& one) { return one.user == collaborator.user; });
  all.push_back(std::move(collaborator));
  co_return true;
}

base::awaitable<bool> PeopleStore::remove_collaborator(std::string who, BrandId brand, std::string project,
                                                       std::string user) {
  base::sql::Batch batch{
      {R"sql(DELETE FROM project_collaborator WHERE brand = $1 AND project = $2 AND user_id = $3)sql",
       {brand.no, project, user}}};
  AuditEntry entry{std::move(who), "project.unshared", project, audit_details({{"user", user}})};
  const bool was_one = co_await change_if(brand, std::move(entry), std::move(batch), with_epoch);
  if (was_one) {
    std::erase_if(brands_.at(brand.no).projects.at(project).collaborators,
                  [&](const Collaborator& one) { return one.user == user; });
  }
  co_return was_one;
}

}  // namespace engine
