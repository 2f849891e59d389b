// Everything the program works with, built once, each part given what it needs: the wiring, on one screen.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/account_directory.hpp"
#include "app/linking_rules.hpp"
#include "app/notice_courier.hpp"
#include "app/notice_mail.hpp"
#include "app/notice_webhook.hpp"
#include "app/schema_watch.hpp"
#include "base/data_directory.hpp"
#include "base/http/client.hpp"
#include "base/http/in_process.hpp"
#include "base/ip_range.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/sql/sqlite.hpp"
#include "base/system_clock.hpp"
#include "connectors/accounts/account_linking.hpp"
#include "connectors/accounts/account_sessions.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/accounts/host_policy.hpp"
#include "connectors/accounts/key_rotator.hpp"
#include "connectors/accounts/login_app_store.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/survey/platform_client.hpp"
#include "connectors/survey/survey_shelf.hpp"
#include "engine/account_watch.hpp"
#include "engine/audit_log.hpp"
#include "engine/authoring.hpp"
#include "engine/bindings.hpp"
#include "engine/catalog.hpp"
#include "engine/cause_history.hpp"
#include "engine/gate.hpp"
#include "engine/hold_keys.hpp"
#include "engine/intake.hpp"
#include "engine/notices.hpp"
#include "engine/people_store.hpp"
#include "engine/project_transfer.hpp"
#include "engine/run_cancellation.hpp"
#include "engine/run_executor.hpp"
#include "engine/run_history.hpp"
#include "engine/run_queue.hpp"
#include "engine/run_replay.hpp"
#include "engine/worker.hpp"
#include "engine/workflow_store.hpp"

namespace tasks {
class OrgKnowledge;
class PlannedWrites;
}  // namespace tasks

namespace app {

struct ServiceOptions {
  std::string data_directory = ".sluice";
  std::string program = "sluice";  // named to a second owner of the directory
  std::string key_file{};          // "": the other places where a key may be
  bool opens_secrets = true;       // false: for looking at runs, which needs no key
  std::string api_version = "60.0";
  int runs_in_flight_max = 512;
  const base::http::InProcessServers* in_process = nullptr;  // asked without a network
  tasks::PlannedWrites* plan = nullptr;                      // where there is one, writes are noted in it and not sent
  std::optional<connectors::survey::Platform> survey_platform{};
  connectors::HostPolicy hosts{};                // with what the operator has allowed
  std::vector<std::string> connect_to{};         // base::http::ClientOptions::connect_to
  std::string public_url{};                      // where browsers reach the server; "": the address it listens on
  std::vector<std::string> return_to_origins{};  // where a login may lead back to, besides this server
  base::IpRanges egress{};                       // from which this server reaches orgs, as its operator says
  base::IpRanges proxies{};                      // whose X-Forwarded-For is believed
  bool only_survey_platform_ranges = false;      // a platform's events are taken from its own addresses only
  std::optional<NoticeWebhookOptions> notice_webhook{};
  std::optional<NoticeMailOptions> notice_mail{};
};

class Services {
 public:
  // Owns the data directory from here on. Throws base::sql::DatabaseError; a directory that somebody else owns is an
  // error.
  static base::Result<std::unique_ptr<Services>> open(boost::asio::io_context& loop, base::Log& log,
                                                      ServiceOptions options);
  ~Services();

  // Reads what is stored and takes over what a program that is gone had begun. Once, before anything else.
  base::awaitable<void> load();
  // The engine's brand, as account tables name it.
  engine::BrandId brand_no(std::string_view brand_id) const;
  // Makes the runs due that wait on one of the keys, and wakes the worker.
  base::awaitable<std::int64_t> lift(engine::BrandId brand, std::vector<std::string> keys);
  // The same for every key that a change lifts.
  base::awaitable<std::int64_t> lift(engine::BrandId brand, engine::Changed change);

 private:
  Services(boost::asio::io_context& loop, base::Log& log, ServiceOptions options, base::DataDirectory directory,
           connectors::LoadedKeys keys);
  base::Result<connectors::LoadedKeys> read_keys();
  connectors::CommitChange audited_commit();
  base::awaitable<void> commit_audited(std::string brand, connectors::AccountChange change, base::sql::Batch batch,
                                       bool raises_epoch);
  // An account has changed: what follows from it for bindings and for people.
  base::awaitable<void> follow_account(std::string brand, std::string account_id);

 public:
  boost::asio::io_context& loop;
  base::Log& log;
  ServiceOptions options;
  base::DataDirectory directory;
  base::SystemClock clock;
  base::SystemRandom random;
  std::unique_ptr<base::sql::SqliteDatabase> database;
  connectors::HostPolicy hosts;
  std::unique_ptr<base::http::Client> http;
  engine::AuditLog audit;
  engine::PeopleStore people;
  connectors::KeySource key_source;
  connectors::SecretVault vault;
  connectors::KeyRotator key_rotator;
  connectors::AccountStore accounts;
  connectors::AccountSessions sessions;
  connectors::salesforce::Client salesforce;
  std::optional<connectors::survey::PlatformClient> survey_platform;
  connectors::survey::SurveyShelf surveys;
  connectors::salesforce::SchemaMemory schema_memory;
  std::shared_ptr<tasks::OrgKnowledge> org_knowledge;
  engine::Catalog catalog;
  engine::WorkflowStore workflows;
  AccountDirectory account_directory;
  engine::Gate gate;
  engine::Notices notices;
  engine::FailureNotices failure_notices;
  engine::RunQueue queue;
  engine::RunExecutor executor;
  engine::Worker worker;
  engine::RunCancellation cancellation;
  engine::Intake intake;
  engine::RunHistory history;
  engine::CauseHistory causes;
  engine::RunReplay replay;
  engine::Authoring authoring;
  engine::Bindings bindings;
  engine::ProjectTransfer transfer;
  engine::AccountWatch account_watch;
  SchemaWatch schema_watch;
  NoticeCourier notice_courier;
  connectors::LoginAppStore login_apps;
  connectors::LoginAttempts login_attempts;
  LinkingRules linking_rules;
  connectors::AccountLinking linking;
};

}  // namespace app
