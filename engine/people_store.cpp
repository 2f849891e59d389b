#include "engine/people_store.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/json_writer.hpp"

namespace engine {
namespace {

std::string join_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

base::JsonText details_of_binding(const Binding& binding) {
  base::JsonWriter json;
  json.begin_object();
  json.field("workflow", binding.workflow);
  json.field("alias", binding.alias);
  json.field("account", binding.account);
  json.field("org_id", binding.org_id);
  json.end_object();
  return {json.take()};
}

template <class Map, class Key>
auto found_in(const Map& map, const Key& key) {
  auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

template <class Map>
auto values_of(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  for (const auto& [key, value] : map) values.push_back(value);
  return values;
}

}  // namespace

PeopleStore::PeopleStore(base::sql::Database& database, base::Clock& clock, AuditLog& audit)
    : database_(database), clock_(clock), audit_(audit) {
  audit_.on_epoch_raised([this](BrandId brand, std::int64_t epoch) {
    if (auto found = brands_.find(brand.no); found != brands_.end()) found->second.brand.auth_epoch = epoch;
  });
}

base::awaitable<void> PeopleStore::load() {
  brands_.clear();
  tokens_.clear();
  operator_tokens_.clear();
  base::sql::Statement all_brands{R"sql(SELECT no, id, name, extensions, auth_epoch FROM brand ORDER BY no)sql"};
  for (const base::sql::Row& row : co_await database_.read(std::move(all_brands))) {
    brands_[row.integer(0)].brand =
        Brand{{row.integer(0)}, row.text(1), row.text(2), split_words(row.text(3)), row.integer(4)};
  }
  for (auto& [no, held] : brands_) {
    co_await load_brand(held);
    for (const auto& [hash, token] : held.tokens) tokens_[hash] = Principal{{no}, token.user, token.id};
  }
  base::sql::Statement operators{R"sql(SELECT hash FROM operator_token)sql"};
  for (const base::sql::Row& row : co_await database_.read(std::move(operators))) operator_tokens_.insert(row.text(0));
}

base::awaitable<void> PeopleStore::load_brand(Held& held) {
  const std::int64_t no = held.brand.no.no;
  base::sql::Statement users{R"sql(SELECT id, name, role FROM brand_user WHERE brand = $1)sql", {no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(users)))
    held.users[row.text(0)] = User{row.text(0), row.text(1), read_role(row.text(2)).value_or(Role::user)};
  base::sql::Statement groups{R"sql(SELECT id, name FROM brand_group WHERE brand = $1)sql", {no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(groups)))
    held.groups[row.text(0)] = Group{row.text(0), row.text(1)};
  base::sql::Statement members{
      R"sql(SELECT m.group_id, m.user_id FROM group_member m JOIN brand_group g ON g.brand = m.brand AND g.id = m.group_id
            WHERE m.brand = $1 ORDER BY m.group_id, m.user_id)sql",
      {no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(members)))
    held.groups.at(row.text(0)).members.push_back(row.text(1));
  base::sql::Statement projects{R"sql(SELECT id, name, owner FROM project WHERE brand = $1)sql", {no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(projects)))
    held.projects[row.text(0)] = Project{row.text(0), row.text(1), row.text(2)};
  base::sql::Statement collaborators{
      R"sql(SELECT c.project, c.user_id, c.access
            FROM project_collaborator c JOIN project p ON p.brand = c.brand AND p.id = c.project
            WHERE c.brand = $1 ORDER BY c.project, c.user_id)sql",
      {no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(collaborators))) {
    held.projects.at(row.text(0)).collaborators.push_back({row.text(1), read_right(row.text(2)).value_or(Right::none)});
  }
  base::sql::Statement bindings{
      R"sql(SELECT workflow, alias, account, org_id, awaits, awaits_editor, awaits_version FROM binding
            WHERE brand = $1)sql",
      {no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(bindings))) {
    held.bindings[{row.integer(0), row.text(1)}] = Binding{row.integer(0),      row.text(1), row.text(2),   row.text(3),
                                                           row.integer(4) != 0, row.text(5), row.integer(6)};
  }
  base::sql::Statement tokens{R"sql(SELECT hash, id, user_id, label, created_at FROM api_token WHERE brand = $1)sql",
                              {no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(tokens)))
    held.tokens[row.text(0)] = ApiToken{row.text(1), row.text(2), row.text(3), base::from_millis(row.integer(4))};
}

const PeopleStore::Held* PeopleStore::held(BrandId brand) const {
  auto found = brands_.find(brand.no);
  return found == brands_.end() ? nullptr : &found->second;
}

const Brand* PeopleStore::brand(BrandId no) const {
  const Held* found = held(no);
  return found ? &found->brand : nullptr;
}

const Brand* PeopleStore::brand(std::string_view id) const {
  for (const auto& [no, held] : brands_) {
    if (held.brand.id == id) return &held.brand;
  }
  return nullptr;
}

std::vector<Brand> PeopleStore::brands() const {
  std::vector<Brand> all;
  for (const auto& [no, held] : brands_) all.push_back(held.brand);
  return all;
}

std::optional<User> PeopleStore::user(BrandId brand, std::string_view id) const {
  const Held* found = held(brand);
  return found ? found_in(found->users, id) : std::nullopt;
}

std::optional<User> PeopleStore::user_named(BrandId brand, std::string_view name) const {
  for (const User& user : users(brand)) {
    if (user.name == name) return user;
  }
  return std::nullopt;
}

std::vector<User> PeopleStore::users(BrandId brand) const {
  const Held* found = held(brand);
  return found ? values_of(found->users) : std::vector<User>();
}

std::optional<Group> PeopleStore::group(BrandId brand, std::string_view id) const {
  const Held* found = held(brand);
  return found ? found_in(found->groups, id) : std::nullopt;
}

std::vector<Group> PeopleStore::groups(BrandId brand) const {
  const Held* found = held(brand);
  return found ? values_of(found->groups) : std::vector<Group>();
}

std::vector<std::string> PeopleStore::groups_of(BrandId brand, std::string_view user) const {
  std::vector<std::string> ids;
  for (const Group& group : groups(brand)) {
    if (std::ranges::find(group.members, user) != group.members.end()) ids.push_back(group.id);
  }
  return ids;
}

std::optional<Project> PeopleStore::project(BrandId brand, std::string_view id) const {
  const Held* found = held(brand);
  return found ? found_in(found->projects, id) : std::nullopt;
}

std::vector<Project> PeopleStore::projects(BrandId brand) const {
  const Held* found = held(brand);
  return found ? values_of(found->projects) : std::vector<Project>();
}

Right PeopleStore::right_of(BrandId brand, std::string_view project_id, std::string_view user_id) const {
  const std::optional<Project> found = project(brand, project_id);
  const std::optional<User> asking = user(brand, user_id);
  if (!found || !asking) return Right::none;
  if (asking->role == Role::brand_admin || found->owner == user_id) return Right::owner;
  for (const Collaborator& collaborator : found->collaborators) {
    if (collaborator.user == user_id) return collaborator.right;
  }
  return Right::none;
}

std::optional<Binding> PeopleStore::binding(BrandId brand, std::int64_t workflow, std::string_view alias) const {
  const Held* found = held(brand);
  if (!found) return std::nullopt;
  auto binding = found->bindings.find({workflow, std::string(alias)});
  return binding == found->bindings.end() ? std::nullopt : std::optional(binding->second);
}

std::vector<Binding> PeopleStore::bindings(BrandId brand, std::int64_t workflow) const {
  std::vector<Binding> all;
  if (const Held* found = held(brand)) {
    for (const auto& [key, binding] : found->bindings) {
      if (key.first == workflow) all.push_back(binding);
    }
  }
  return all;
}

std::vector<ApiToken> PeopleStore::tokens(BrandId brand, std::string_view user) const {
  std::vector<ApiToken> all;
  if (const Held* found = held(brand)) {
    for (const auto& [hash, token] : found->tokens) {
      if (token.user == user) all.push_back(token);
    }
  }
  return all;
}

std::optional<PeopleStore::Principal> PeopleStore::principal_of_token(std::string_view token_hash) const {
  return found_in(tokens_, token_hash);
}

base::sql::Statement PeopleStore::raise_epoch(BrandId brand) {
  return {R"sql(UPDATE brand SET auth_epoch = auth_epoch + 1 WHERE no = $1)sql", {brand.no}};
}

void PeopleStore::raised_epoch(BrandId brand) {
  if (auto found = brands_.find(brand.no); found != brands_.end()) ++found->second.brand.auth_epoch;
}

base::awaitable<void> PeopleStore::change(BrandId brand, AuditEntry entry, base::sql::Statement statement,
                                          bool raises_epoch) {
  base::sql::Batch batch{std::move(statement)};
  co_await audit_.commit(brand, std::move(entry), std::move(batch), raises_epoch);
}

BrandId PeopleStore::next_brand() {
  last_brand_no_ = std::max(last_brand_no_, brands_.empty() ? 0 : brands_.rbegin()->first) + 1;
  return {last_brand_no_};
}

base::awaitable<bool> PeopleStore::change_if(BrandId brand, AuditEntry entry, base::sql::Batch batch,
                                             bool raises_epoch) {
  AuditLog::Change change = [&](base::sql::Connection& sql) {
    const bool holds = sql.execute(batch.front()).changes > 0;
    for (std::size_t i = 1; holds && i < batch.size(); ++i) sql.execute(batch[i]);
    return holds;
  };
  co_return co_await audit_.commit_if(brand, std::move(entry), std::move(change), raises_epoch);
}

base::awaitable<void> PeopleStore::add_brand(std::string who, Brand brand) {
  base::sql::Statement statement{
      R"sql(INSERT INTO brand (no, id, name, extensions, auth_epoch) VALUES ($1, $2, $3, $4, $5))sql",
      {brand.no.no, brand.id, brand.name, join_words(brand.extensions), brand.auth_epoch}};
  AuditEntry entry{std::move(who), "brand.added", brand.id,
                   audit_details({{"extensions", join_words(brand.extensions)}})};
  co_await change(brand.no, std::move(entry), std::move(statement), /*raises_epoch=*/false);
  brands_[brand.no.no].brand = std::move(brand);
}

base::awaitable<void> PeopleStore::set_extensions(std::string who, BrandId brand, std::vector<std::string> extensions) {
  base::sql::Statement statement{R"sql(UPDATE brand SET extensions = $2 WHERE no = $1)sql",
                                 {brand.no, join_words(extensions)}};
  Brand& held = brands_.at(brand.no).brand;
  AuditEntry entry{std::move(who), "license.changed", held.id, audit_details({{"extensions", join_words(extensions)}})};
  co_await change(brand, std::move(entry), std::move(statement));
  held.extensions = std::move(extensions);
}

base::awaitable<void> PeopleStore::set_owner(std::string who, BrandId brand, std::string project, std::string owner) {
  AuditEntry entry{std::move(who), "project.transferred", project, audit_details({{"owner", owner}})};
  co_await change(brand, std::move(entry), put_owner(brand, project, owner));
  owner_is(brand, project, owner);
}

base::awaitable<void> PeopleStore::bind(std::string who, BrandId brand, Binding binding) {
  AuditEntry entry{std::move(who), "binding.made", binding.account, details_of_binding(binding)};
  co_await change(brand, std::move(entry), put_binding(brand, binding));
  binding_is(brand, binding);
}

base::awaitable<void> PeopleStore::unbind(std::string who, BrandId brand, std::int64_t workflow, std::string alias) {
  const std::optional<Binding> was = binding(brand, workflow, alias);
  if (!was) co_return;
  AuditEntry entry{std::move(who), "binding.removed", was->account, details_of_binding(*was)};
  co_await change(brand, std::move(entry), drop_binding(brand, workflow, alias));
  binding_is_gone(brand, workflow, alias);
}

base::sql::Statement PeopleStore::put_owner(BrandId brand, const std::string& project, const std::string& owner) {
  return {R"sql(UPDATE project SET owner = $3 WHERE brand = $1 AND id = $2)sql", {brand.no, project, owner}};
}

void PeopleStore::owner_is(BrandId brand, const std::string& project, const std::string& owner) {
  brands_.at(brand.no).projects.at(project).owner = owner;
}

base::sql::Statement PeopleStore::put_binding(BrandId brand, const Binding& binding) {
  return {R"sql(INSERT INTO binding (brand, workflow, alias, account, org_id, awaits, awaits_editor, awaits_version)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (workflow, alias) DO UPDATE
                SET account = $4, org_id = $5, awaits = $6, awaits_editor = $7, awaits_version = $8)sql",
          {brand.no, binding.workflow, binding.alias, binding.account, binding.org_id, std::int64_t{binding.awaits},
           binding.awaits_editor, binding.awaits_version}};
}

void PeopleStore::binding_is(BrandId brand, const Binding& binding) {
  brands_.at(brand.no).bindings[{binding.workflow, binding.alias}] = binding;
}

base::sql::Statement PeopleStore::put_standing(BrandId brand, const Binding& binding) {
  return {R"sql(UPDATE binding SET org_id = $5, awaits = $6, awaits_editor = $7, awaits_version = $8
                WHERE brand = $1 AND workflow = $2 AND alias = $3 AND account = $4)sql",
          {brand.no, binding.workflow, binding.alias, binding.account, binding.org_id, std::int64_t{binding.awaits},
           binding.awaits_editor, binding.awaits_version}};
}

void PeopleStore::standing_is(BrandId brand, const Binding& binding) {
  auto& bindings = brands_.at(brand.no).bindings;
  const auto found = bindings.find({binding.workflow, binding.alias});
  if (found != bindings.end() && found->second.account == binding.account) found->second = binding;
}

base::sql::Statement PeopleStore::drop_binding(BrandId brand, std::int64_t workflow, const std::string& alias) {
  return {R"sql(DELETE FROM binding WHERE brand = $1 AND workflow = $2 AND alias = $3)sql",
          {brand.no, workflow, alias}};
}

void PeopleStore::binding_is_gone(BrandId brand, std::int64_t workflow, const std::string& alias) {
  brands_.at(brand.no).bindings.erase({workflow, alias});
}

}  // namespace engine
