#include "app/services.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include "connectors/migrations/migrations.hpp"
#include "engine/migrations/migrations.hpp"
#include "tasks/catalog.hpp"

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
  return std::unique_ptr<Services>(new Services(loop, log, std::move(options), *std::move(directory)));
}

Services::Services(boost::asio::io_context& the_loop, base::Log& the_log, ServiceOptions the_options,
                   base::DataDirectory the_directory)
    : loop(the_loop),
      log(the_log),
      options(std::move(the_options)),
      directory(std::move(the_directory)),
      clock(loop),
      database(open_database(loop, directory.file("sluice.db"))),
      http(base::http::make_client(loop, clock)),
      audit(*database, clock),
      people(*database, clock, audit),
      accounts(*database, clock, random,
               [this](const std::string& brand) { return engine::PeopleStore::raise_epoch(brand_no(brand)); }),
      sessions(accounts, *http, clock, log),
      salesforce(*http, sessions, connectors::salesforce::ClientOptions{.api_version = options.api_version}),
      survey_platform(make_platform_client(*http, options)),
      catalog(tasks::make_catalog({&salesforce, survey_platform ? &*survey_platform : nullptr, &surveys})),
      workflows(*database, clock, catalog),
      account_directory(accounts),
      gate(people, workflows, account_directory),
      queue(*database, clock),
      executor(catalog, gate, queue, clock, random, log),
      worker(loop, queue, workflows, catalog, executor, clock, random, log, options.runs_in_flight_max),
      intake(people, workflows, gate, queue, executor, worker, clock, log),
      history(*database) {
  accounts.on_change([this](const std::string& brand, const std::string& account_id, bool remade) {
    if (remade) sessions.forget(account_id);
    people.raised_epoch(brand_no(brand));
  });
}

Services::~Services() = default;

base::awaitable<void> Services::load() {
  co_await people.load();
  co_await accounts.load();
  co_await workflows.load();
  const std::int64_t freed = co_await queue.open(fmt::format("{}.{}", ::getpid(), base::to_millis(clock.now())));
  if (freed > 0) log.info("took over runs of a program that is gone", {{"runs", freed}});
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

}  // namespace app
