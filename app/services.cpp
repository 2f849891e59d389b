#include "app/services.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/sql/migrate.hpp"
#include "base/sql/sqlite_connection.hpp"
#include "connectors/accounts/secret_store.hpp"
#include "connectors/migrations/migrations.hpp"
#include "engine/migrations/migrations.hpp"
#include "tasks/catalog.hpp"
#include "tasks/org_knowledge.hpp"

namespace app {
namespace {

// Numbers are fixed: data directories of every age find the steps that they lack.
std::vector<base::sql::Migration> all_migrations() {
  std::vector<base::sql::Migration> steps;
  for (const std::span<const base::sql::Migration> room : {engine::migrations(), connectors::migrations()})
    steps.insert(steps.end(), room.begin(), room.end());
  std::ranges::sort(steps, {}, &base::sql::Migration::number);
  return steps;
}

std::unique_ptr<base::sql::SqliteDatabase> open_database(boost::asio::io_context& loop, const std::string& path) {
  const std::vector<base::sql::Migration> steps = all_migrations();
  return base::sql::SqliteDatabase::open(loop, base::sql::SqliteOptions{.path = path}, steps);
}

// Before the database's threads begin: the keys must fit what the file holds, and what an older program has left there
// as plain text is sealed. Gives the ids of keys that the file did not know.
base::Result<std::vector<std::string>> prepare_secrets(const std::string& path, connectors::SecretVault& vault,
                                                       base::Log& log) {
  base::sql::SqliteConnection connection(path);
  base::sql::migrate(connection, all_migrations());
  base::Result<std::vector<std::string>> first_seen = connectors::check_keys(connection, vault.keys());
  if (!first_seen) return first_seen;
  const int sealed = connectors::seal_plain_secrets(connection, vault);
  if (sealed > 0) log.info("sealed what was stored as plain text", {{"secrets", std::int64_t{sealed}}});
  return first_seen;
}

connectors::KeyOptions key_options(const ServiceOptions& options, const base::DataDirectory& directory) {
  return {.key_file = options.key_file, .data_directory = directory.path()};
}

base::Result<connectors::LoadedKeys> keys_for(const ServiceOptions& options, const base::DataDirectory& directory,
                                              base::Random& random, base::Log& log) {
  if (!options.opens_secrets) return connectors::LoadedKeys{{}, connectors::KeyRing::make(random)};
  base::Result<connectors::LoadedKeys> keys = connectors::load_keys(key_options(options, directory), random);
  if (!keys) return keys;
  connectors::SecretVault vault(keys->ring, random);
  base::Result<std::vector<std::string>> first_seen = prepare_secrets(directory.file("sluice.db"), vault, log);
  if (!first_seen) {
    // A key made just now fits nothing that is there: it would only stand where the lost one belongs.
    if (keys->source.is_new) std::filesystem::remove(keys->source.path);
    return first_seen.error();
  }
  keys->source.first_seen = *std::move(first_seen);
  return keys;
}

// Judged when a connection is opened, whatever its host's name led to before.
base::http::ClientOptions guarded_by(const connectors::HostPolicy& hosts, std::vector<std::string> connect_to) {
  base::http::ClientOptions options;
  options.connect_to = std::move(connect_to);
  options.may_connect = [&hosts](std::string_view origin, const std::string& address) {
    return hosts.may_connect(origin, address);
  };
  return options;
}

std::unique_ptr<base::http::Client> make_http(boost::asio::io_context& loop, base::Clock& clock,
                                              const connectors::HostPolicy& hosts, const ServiceOptions& options) {
  auto network = base::http::make_client(loop, clock, guarded_by(hosts, options.connect_to));
  if (!options.in_process) return network;
  return base::http::make_in_process_client(*options.in_process, std::move(network));
}

std::optional<connectors::survey::PlatformClient> make_platform_client(base::http::Client& http,
                                                                       const ServiceOptions& options) {
  if (!options.survey_platform) return std::nullopt;
  return connectors::survey::PlatformClient(http, *options.survey_platform);
}

}  // namespace

base::Result<std::unique_ptr<Services>> Services::open(boost::asio::io_context& loop, base::Log& log,
                                                       ServiceOptions options) {
  base::Result<base::DataDirectory> directory = base::DataDirectory::own(options.data_directory, options.program);
  if (!directory) return directory.error();
  base::SystemRandom random;
  base::Result<connectors::LoadedKeys> keys = keys_for(options, *directory, random, log);
  if (!keys) return keys.error();
  return std::unique_ptr<Services>(
      new Services(loop, log, std::move(options), *std::move(directory), *std::move(keys)));
}

Services::Services(boost::asio::io_context& the_loop, base::Log& the_log, ServiceOptions the_options,
                   base::DataDirectory the_directory, connectors::LoadedKeys keys)
    : loop(the_loop),
      log(the_log),
      options(std::move(the_options)),
      directory(std::move(the_directory)),
      clock(loop),
      database(open_database(loop, directory.file("sluice.db"))),
      hosts(options.hosts),
      http(make_http(loop, clock, hosts, options)),
      audit(*database, clock),
      people(*database, clock, audit),
      key_source(std::move(keys.source)),
      vault(std::move(keys.ring), random),
      key_rotator(
          *database, clock, random, log, vault, key_source, [this] { return read_keys(); }, audited_commit()),
      accounts(*database, clock, random, vault, audited_commit()),
      sessions(accounts, *http, clock, log),
      salesforce(*http, sessions, connectors::salesforce::ClientOptions{.api_version = options.api_version}),
      survey_platform(make_platform_client(*http, options)),
      schema_memory(*database),
      org_knowledge(std::make_shared<tasks::OrgKnowledge>(&salesforce, &clock, &schema_memory)),
      catalog(tasks::make_catalog(
          {&salesforce, survey_platform ? &*survey_platform : nullptr, &surveys, &clock, org_knowledge, options.plan})),
      workflows(*database, clock, catalog, audit),
      account_directory(accounts),
      gate(people, workflows, account_directory),
      notices(*database, clock, options.notice_webhook || options.notice_mail),
      failure_notices(people, workflows, notices),
      queue(*database, clock, failure_notices),
      executor(catalog, gate, queue, clock, random, log),
      worker(loop, queue, workflows, catalog, executor, clock, random, log, options.runs_in_flight_max),
      cancellation(audit, worker, clock),
      intake(people, workflows, gate, queue, executor, worker, clock, log),
      history(*database),
      causes(*database),
      replay(audit, people, workflows, catalog, gate, queue, intake, history, worker, clock),
      authoring(people, workflows, account_directory, catalog, audit, notices, random),
      bindings(people, workflows, account_directory, audit),
      transfer(people, workflows, gate, catalog, history, audit, notices),
      account_watch(people, gate, account_directory, bindings, notices),
      schema_watch(*this),
      notice_courier(notices, clock, log),
      login_apps(*database, random, vault, audited_commit()),
      login_attempts(*database, clock),
      linking_rules(*this),
      linking(accounts, login_apps, login_attempts, hosts, *http, clock, random, log, linking_rules,
              {options.public_url, options.api_version}) {
  // What the operator wrote into files is meant.
  if (options.survey_platform) hosts.allow_host_of(options.survey_platform->base_url);
  if (options.notice_webhook) hosts.allow_host_of(options.notice_webhook->url);
  if (options.notice_webhook)
    notice_courier.add(std::make_unique<NoticeWebhook>(*http, people, clock, *options.notice_webhook));
  if (options.notice_mail) notice_courier.add(std::make_unique<NoticeMail>(loop, people, *options.notice_mail));
  queue.on_notice([this] { notice_courier.ring(); });
  accounts.on_change([this](const std::string& brand, const std::string& account_id, bool remade) {
    if (remade) sessions.forget(account_id);
    boost::asio::co_spawn(loop, follow_account(brand, account_id), boost::asio::detached);
  });
}

Services::~Services() = default;

base::awaitable<void> Services::load() {
  co_await people.load();
  if (options.opens_secrets) co_await key_rotator.load();
  co_await accounts.load();
  co_await login_apps.load();
  co_await workflows.load();
  const std::int64_t freed = co_await queue.open(fmt::format("{}.{}", ::getpid(), base::to_millis(clock.now())));
  if (freed > 0) log.info("took over runs of a program that is gone", {{"runs", freed}});
  for (const engine::Brand& brand : people.brands()) {
    for (const connectors::LinkedAccount& account : accounts.list(brand.id))
      co_await account_watch.learn(brand.no, account.id);
  }
}

base::awaitable<void> Services::follow_account(std::string brand, std::string account_id) {
  try {
    std::vector<std::string> keys = co_await account_watch.changed(brand_no(brand), account_id);
    if (!keys.empty()) co_await lift(brand_no(brand), std::move(keys));
    notice_courier.ring();
  } catch (const std::exception& error) {
    log.error("what follows from a change of an account was not done",
              {{"account", account_id}, {"what", error.what()}});
  }
}

base::Result<connectors::LoadedKeys> Services::read_keys() {
  return connectors::load_keys(key_options(options, directory), random);
}

// What connectors change is committed by the engine's audit log, like everything else.
connectors::CommitChange Services::audited_commit() {
  return [this](const std::string& brand, connectors::AccountChange change, base::sql::Batch batch, bool raises_epoch) {
    return commit_audited(brand, std::move(change), std::move(batch), raises_epoch);
  };
}

base::awaitable<void> Services::commit_audited(std::string brand, connectors::AccountChange change,
                                               base::sql::Batch batch, bool raises_epoch) {
  engine::AuditEntry entry{std::move(change.who), std::move(change.what), std::move(change.subject),
                           std::move(change.details)};
  // A change of no brand is the installation's own.
  const engine::BrandId chain = brand.empty() ? engine::server_itself : brand_no(brand);
  co_await audit.commit(chain, std::move(entry), std::move(batch), raises_epoch);
}

engine::BrandId Services::brand_no(std::string_view brand_id) const {
  for (const engine::Brand& brand : people.brands()) {
    if (brand.id == brand_id) return brand.no;
  }
  return {};
}

base::awaitable<std::int64_t> Services::lift(engine::BrandId brand, std::vector<std::string> keys) {
  const std::int64_t lifted = co_await queue.lift(brand, std::move(keys));
  if (lifted > 0) {
    log.info("runs released", {{"runs", lifted}});
    worker.ring();
  }
  co_return lifted;
}

base::awaitable<std::int64_t> Services::lift(engine::BrandId brand, engine::Changed change) {
  co_return co_await lift(brand, engine::keys_lifted_by(change, people.projects(brand)));
}

}  // namespace app
