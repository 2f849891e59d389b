#include "connectors/accounts/login_app_store.hpp"

#include <algorithm>
#include <map>

#include "base/crypto.hpp"
#include "base/id.hpp"
#include "base/json_writer.hpp"
#include "connectors/accounts/secret_store.hpp"

namespace connectors {

namespace {

constexpr std::int64_t app_generation = 1;  // its secret is replaced, never rotated under a login

base::JsonText app_details(const LoginApp& app) {
  base::JsonWriter json;
  json.begin_object();
  json.field("host", app.login_url);
  json.field("environment", to_string(app.environment));
  json.field("client_id_sha256", base::to_hex(base::sha256(app.client_id)));
  json.end_object();
  return {json.take()};
}

}  // namespace

// Reads the apps of all brands: this store keeps them in memory for all.
base::awaitable<void> LoginAppStore::load() {
  base::sql::Statement all{
      "SELECT brand, id, login_url, environment, client_id, has_secret FROM login_app ORDER BY no"};
  base::sql::Rows rows = co_await database_.read(std::move(all));
  apps_.clear();
  for (const base::sql::Row& row : rows) {
    apps_.push_back({row.text(0), LoginApp{row.text(1), row.text(2), environment_from(row.text(3)), row.text(4),
                                           row.integer(5) != 0}});
  }
}

base::awaitable<LoginApp> LoginAppStore::put(std::string who, std::string brand, LoginApp app, base::Secret secret) {
  const std::optional<LoginApp> known = at(brand, app.login_url);
  app.id = known ? known->id : base::random_id("app_", random_);
  app.has_secret = !secret.empty();
  const SealContext context{brand, app.id, "client_secret", app_generation};
  base::sql::Batch batch{
      {R"(INSERT INTO login_app (brand, id, login_url, environment, client_id, has_secret) VALUES ($1, $2, $3, $4, $5, $6)
          ON CONFLICT (brand, login_url) DO UPDATE SET environment = excluded.environment,
            client_id = excluded.client_id, has_secret = excluded.has_secret)",
       {brand, app.id, app.login_url, std::string(to_string(app.environment)), app.client_id,
        std::int64_t{app.has_secret}}},
      keep_secret(vault_, context, secret)};
  AccountChange change{who, known ? "login_app.changed" : "login_app.added", app.id, app_details(app)};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/false);
  auto kept = std::ranges::find_if(apps_, [&](const Kept& one) { return one.brand == brand && one.app.id == app.id; });
  if (kept == apps_.end())
    apps_.push_back({brand, app});
  else
    kept->app = app;
  co_return app;
}

base::awaitable<bool> LoginAppStore::remove(std::string who, std::string brand, std::string id) {
  const std::optional<LoginApp> known = find(brand, id);
  if (!known) co_return false;
  base::sql::Batch batch{{"DELETE FROM login_app WHERE brand = $1 AND id = $2", {brand, id}}, wipe_secrets(brand, id)};
  AccountChange change{who, "login_app.removed", id, app_details(*known)};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/false);
  std::erase_if(apps_, [&](const Kept& one) { return one.brand == brand && one.app.id == id; });
  co_return true;
}

std::vector<LoginApp> LoginAppStore::list(std::string_view brand) const {
  std::vector<LoginApp> apps;
  for (const Kept& kept : apps_) {
    if (kept.brand == brand) apps.push_back(kept.app);
  }
  return apps;
}

std::optional<LoginApp> LoginAppStore::find(std::string_view brand, std::string_view id) const {
  for (const Kept& kept : apps_) {
    if (kept.brand == brand && kept.app.id == id) return kept.app;
  }
  return std::nullopt;
}

std::optional<LoginApp> LoginAppStore::at(std::string_view brand, std::string_view login_url) const {
  for (const Kept& kept : apps_) {
    if (kept.brand == brand && kept.app.login_url == login_url) return kept.app;
  }
  return std::nullopt;
}

base::awaitable<base::Result<base::Secret>> LoginAppStore::secret(std::string brand, std::string id) {
  base::sql::Statement wanted = select_secrets(brand, id);
  base::sql::Rows rows = co_await database_.read(std::move(wanted));
  base::Result<std::map<std::string, base::Secret>> secrets = open_secrets(vault_, brand, id, app_generation, rows);
  if (!secrets) co_return secrets.error();
  co_return std::move((*secrets)["client_secret"]);
}

}  // namespace connectors
