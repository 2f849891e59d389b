// A local org that is linked as the account acc_crm, and tasks that are carried out on it over a real connection.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/http/client.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/system_clock.hpp"
#include "connectors/accounts/memory_accounts.hpp"
#include "local_org/server.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/loop.hpp"
#include "tests/tasks/task_bench.hpp"

namespace task_bench {

class LinkedOrg {
 public:
  // `policies`: as /_local/policies takes them.
  explicit LinkedOrg(std::string policies) : LinkedOrg(nullptr, std::move(policies)) {}
  // `plan`: what is written is noted there and not sent.
  explicit LinkedOrg(tasks::PlannedWrites* plan = nullptr, std::string policies = "{}")
      : org({.policies = std::move(policies)}, clock_, random_),
        catalog_(tasks::make_catalog({.salesforce = &salesforce_, .clock = &clock_, .plan = plan})) {
    connectors::LinkedAccount account = support::a_server_account("acc_crm");
    account.login.token_url = served_.url() + "/services/oauth2/token";
    account.login.client_id = org.credentials().client_id;
    account.login.client_secret = base::Secret(org.credentials().client_secret);
    accounts_.add(account);
  }

  // Takes a task from step to step; its end as told() tells it, or the code of what perform() refused. What kept it
  // from beginning reads as an end too.
  std::string carry_out(const std::string& type, const std::string& with, const Values& values,
                        const std::string& effect_key = "key_1") {
    engine::TaskType& task_type = *catalog_.task(type);
    const engine::TaskDefinition definition = task_bench::a_task(type, with);
    const engine::BoundAccount account{.account_id = "acc_crm", .org_id = {}, .environment = {}};
    auto compiled = support::run(loop_, task_type.compile(definition, account));
    if (!compiled) return std::string(compiled.error().code.name) + ": " + compiled.error().message;
    const auto task = *std::move(compiled);
    std::vector<engine::Answer> answers;
    for (;;) {
      base::Result<engine::Step> step = task->next({values, effect_key}, answers);
      engine::TaskCall call;
      call.account = account;
      if (step && std::holds_alternative<engine::Read>(*step)) {
        call.content = std::get<engine::Read>(*step).question;
      } else if (step && std::holds_alternative<engine::Write>(*step)) {
        call.is_write = true;
        last_write = std::get<engine::Write>(*step).record.text;
        call.content = std::get<engine::Write>(*step).record;
        call.effect = std::get<engine::Write>(*step).effect;
        call.effect_key = effect_key;
      } else {
        return task_bench::told(step);
      }
      base::Result<engine::Answer> answer = support::run(loop_, task_type.perform(call));
      if (!answer) return std::string(answer.error().code.name) + " " + answer.error().details;
      answers.push_back(*std::move(answer));
    }
  }

  // What the next calls come to, as /_local/faults takes it.
  void add_fault(const std::string& fault) {
    base::http::Request request;
    request.method = "POST";
    request.url = served_.url() + "/_local/faults";
    request.body = fault;
    const auto answer = support::run(loop_, http_->send(std::move(request)));
    if (!answer || answer->status != 200) throw std::invalid_argument("no fault that the local org knows: " + fault);
  }

  nlohmann::json rows(const std::string& soql) { return nlohmann::json::parse(org.query(soql).text); }

 private:
  boost::asio::io_context loop_;
  base::SystemClock clock_{loop_};
  base::SystemRandom random_;
  base::SilentLog log_;

 public:
  local_org::LocalOrg org;
  std::string last_write{};  // the frozen record of the last write that was sent

 private:
  local_org::Served served_{org, loop_, log_};
  std::unique_ptr<base::http::Client> http_ = base::http::make_client(loop_, clock_);
  connectors::MemoryAccounts accounts_{clock_};
  connectors::AccountSessions sessions_{accounts_, *http_, clock_, log_};
  connectors::salesforce::Client salesforce_{*http_, sessions_};
  engine::Catalog catalog_;
};

}  // namespace task_bench
