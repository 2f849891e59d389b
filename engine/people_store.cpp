#include "engine/people_store.hpp"

#include <sstream>

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

std::string_view role_word(Role role) { return role == Role::brand_admin ? "brand_admin" : "user"; }

}  // namespace

base::awaitable<void> PeopleStore::load() {
  brands_.clear();
  tokens_.clear();
  base::sql::Statement all_brands{R"sql(SELECT no, id, name, extensions, auth_epoch FROM brand ORDER BY no)sql"};
  for (const base::sql::Row& row : co_await database_.read(std::move(all_brands))) {
    brands_[row.integer(0)].brand =
        Brand{{row.integer(0)}, row.text(1), row.text(2), split_words(row.text(3)), row.integer(4)};
  }
  for (auto& [no, held] : brands_) {
    base::sql::Statement users{R"sql(SELECT id, name, role FROM brand_user WHERE brand = $1)sql", {no}};
    for (const base::sql::Row& row : co_await database_.read(std::move(users))) {
      held.users[row.text(0)] =
          User{row.text(0), row.text(1), row.text(2) == "brand_admin" ? Role::brand_admin : Role::user};
    }
    base::sql::Statement projects{R"sql(SELECT id, name, owner FROM project WHERE brand = $1)sql", {no}};
    for (const base::sql::Row& row : co_await database_.read(std::move(projects))) {
      held.projects[row.text(0)] = Project{row.text(0), row.text(1), row.text(2)};
    }
    base::sql::Statement bindings{R"sql(SELECT workflow, alias, account, org_id FROM binding WHERE brand = $1)sql",
                                  {no}};
    for (const base::sql::Row& row : co_await database_.read(std::move(bindings))) {
      held.bindings[{row.integer(0), row.text(1)}] = Binding{row.integer(0), row.text(1), row.text(2), row.text(3)};
    }
    base::sql::Statement tokens{R"sql(SELECT hash, user_id FROM api_token WHERE brand = $1)sql", {no}};
    for (const base::sql::Row& row : co_await database_.read(std::move(tokens))) {
      tokens_[row.text(0)] = Principal{{no}, row.text(1)};
    }
  }
}

const PeopleStore::Held* PeopleStore::held(BrandId brand) const {
  auto found = brands_.find(brand.no);
  return found == brands_.end() ? nullptr : &found->second;
}

const Brand* PeopleStore::brand(BrandId no) const {
  const Held* found = held(no);
  return found ? &found->brand : nullptr;
}

std::vector<Brand> PeopleStore::brands() const {
  std::vector<Brand> all;
  for (const auto& [no, held] : brands_) all.push_back(held.brand);
  return all;
}

std::optional<User> PeopleStore::user(BrandId brand, std::string_view id) const {
  const Held* found = held(brand);
  if (!found) return std::nullopt;
  auto user = found->users.find(id);
  return user == found->users.end() ? std::nullopt : std::optional(user->second);
}

std::optional<User> PeopleStore::user_named(BrandId brand, std::string_view name) const {
  const Held* found = held(brand);
  if (!found) return std::nullopt;
  for (const auto& [id, user] : found->users) {
    if (user.name == name) return user;
  }
  return std::nullopt;
}

std::optional<Project> PeopleStore::project(BrandId brand, std::string_view id) const {
  const Held* found = held(brand);
  if (!found) return std::nullopt;
  auto project = found->projects.find(id);
  return project == found->projects.end() ? std::nullopt : std::optional(project->second);
}

std::vector<Project> PeopleStore::projects(BrandId brand) const {
  std::vector<Project> all;
  if (const Held* found = held(brand)) {
    for (const auto& [id, project] : found->projects) all.push_back(project);
  }
  return all;
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

std::optional<PeopleStore::Principal> PeopleStore::principal_of_token(std::string_view token_hash) const {
  auto found = tokens_.find(token_hash);
  return found == tokens_.end() ? std::nullopt : std::optional(found->second);
}

base::sql::Statement PeopleStore::raise_epoch(BrandId brand) {
  return {R"sql(UPDATE brand SET auth_epoch = auth_epoch + 1 WHERE no = $1)sql", {brand.no}};
}

void PeopleStore::raised_epoch(BrandId brand) {
  if (auto found = brands_.find(brand.no); found != brands_.end()) ++found->second.brand.auth_epoch;
  if (changed_) changed_(brand);
}

base::awaitable<void> PeopleStore::change(BrandId brand, base::sql::Statement statement) {
  base::sql::Batch batch{std::move(statement), raise_epoch(brand)};
  co_await database_.apply(std::move(batch));
}

base::awaitable<void> PeopleStore::add_brand(Brand brand) {
  base::sql::Statement statement{
      R"sql(INSERT INTO brand (no, id, name, extensions, auth_epoch) VALUES ($1, $2, $3, $4, $5))sql",
      {brand.no.no, brand.id, brand.name, join_words(brand.extensions), brand.auth_epoch}};
  base::sql::Batch batch{std::move(statement)};
  co_await database_.apply(std::move(batch));
  brands_[brand.no.no].brand = std::move(brand);
}

base::awaitable<void> PeopleStore::add_user(BrandId brand, User user) {
  base::sql::Statement statement{
      R"sql(INSERT INTO brand_user (brand, id, name, role, created_at) VALUES ($1, $2, $3, $4, $5))sql",
      {brand.no, user.id, user.name, std::string(role_word(user.role)), base::to_millis(clock_.now())}};
  co_await change(brand, std::move(statement));
  brands_[brand.no].users[user.id] = user;
  raised_epoch(brand);
}

base::awaitable<void> PeopleStore::add_token(BrandId brand, std::string user, std::string token_hash) {
  base::sql::Statement statement{
      R"sql(INSERT INTO api_token (hash, brand, user_id, created_at) VALUES ($1, $2, $3, $4))sql",
      {token_hash, brand.no, user, base::to_millis(clock_.now())}};
  base::sql::Batch batch{std::move(statement)};
  co_await database_.apply(std::move(batch));
  tokens_[token_hash] = Principal{brand, std::move(user)};
}

base::awaitable<void> PeopleStore::add_project(BrandId brand, Project project) {
  base::sql::Statement statement{R"sql(INSERT INTO project (brand, id, name, owner) VALUES ($1, $2, $3, $4))sql",
                                 {brand.no, project.id, project.name, project.owner}};
  co_await change(brand, std::move(statement));
  brands_[brand.no].projects[project.id] = project;
  raised_epoch(brand);
}

base::awaitable<void> PeopleStore::set_extensions(BrandId brand, std::vector<std::string> extensions) {
  base::sql::Statement statement{R"sql(UPDATE brand SET extensions = $2 WHERE no = $1)sql",
                                 {brand.no, join_words(extensions)}};
  co_await change(brand, std::move(statement));
  brands_[brand.no].brand.extensions = std::move(extensions);
  raised_epoch(brand);
}

base::awaitable<void> PeopleStore::set_owner(BrandId brand, std::string project, std::string owner) {
  base::sql::Statement statement{R"sql(UPDATE project SET owner = $3 WHERE brand = $1 AND id = $2)sql",
                                 {brand.no, project, owner}};
  co_await change(brand, std::move(statement));
  brands_[brand.no].projects[project].owner = std::move(owner);
  raised_epoch(brand);
}

base::awaitable<void> PeopleStore::bind(BrandId brand, Binding binding) {
  base::sql::Statement statement{
      R"sql(INSERT INTO binding (brand, workflow, alias, account, org_id) VALUES ($1, $2, $3, $4, $5)
                                ON CONFLICT (workflow, alias) DO UPDATE SET account = $4, org_id = $5)sql",
      {brand.no, binding.workflow, binding.alias, binding.account, binding.org_id}};
  co_await change(brand, std::move(statement));
  brands_[brand.no].bindings[{binding.workflow, binding.alias}] = binding;
  raised_epoch(brand);
}

}  // namespace engine
