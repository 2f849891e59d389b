// What a plan says of many varied responses is, field by field, what the org holds once they have been run.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/local_account.hpp"
#include "app/loop_run.hpp"
#include "app/planner.hpp"
#include "app/response_event.hpp"
#include "app/run_rest.hpp"
#include "base/random.hpp"
#include "base/system_clock.hpp"
#include "local_org/server.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;

// Finds, makes, changes and deletes; later responses meet what earlier ones have made, changed and deleted.
constexpr const char* busy_workflow = R"({
  "name": "Busy",
  "trigger": {"type": "survey_response", "when": {"value": "${rm://Field/Finished}", "equals": 1}},
  "tasks": {
    "person":  {"type": "salesforce_find", "account": "crm",
                "with": {"object": "Contact", "match": {"Email": "${e://Field/email}"},
                         "return": ["Id", "Title"], "if_none": "continue", "if_many": "first"}},
    "newcomer": {"type": "salesforce_create", "account": "crm",
                "when": {"value": "${task://person/Id}", "is_blank": true},
                "with": {"object": "Contact", "fields": {"LastName": "${e://Field/name}", "Email": "${e://Field/email}",
                         "Birthdate": {"value": "${e://Field/day}", "as": "date"}}}},
    "answer":  {"type": "salesforce_upsert", "account": "crm",
                "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${e://Field/key}"},
                         "fields": {"Score__c": {"value": "${e://Field/score}", "as": "number"},
                                    "Segment__c": {"value": "${e://Field/segment}", "if_blank": "clear"},
                                    "Comment__c": {"value": "${e://Field/comment}", "if_blank": "skip"},
                                    "Contact__c": "${task://person/Id}",
                                    "Responded_At__c": {"value": "${rm://Field/RecordedDate}", "as": "datetime"}}}},
    "ticket":  {"type": "salesforce_create", "account": "crm",
                "when": {"value": "${e://Field/score}", "less_than": 5},
                "with": {"object": "Case", "idempotency": "Sluice_Key__c",
                         "fields": {"Subject": "Score ${e://Field/score}", "ContactId": "${task://person/Id}",
                                    "Priority": {"value": "${e://Field/priority}", "if_blank": "skip"},
                                    "Description": "was ${task://person/Title}"}}},
    "person_now": {"type": "salesforce_update", "account": "crm", "after": [{"task": "newcomer", "on": "finished"}],
                "with": {"object": "Contact", "match": {"Email": "${e://Field/email}"}, "if_none": "continue", "if_many": "first",
                         "fields": {"Title": "${e://Field/title}", "Phone": {"value": "${e://Field/phone}", "if_blank": "clear"}}}},
    "no_lead": {"type": "salesforce_delete", "account": "crm",
                "with": {"object": "Lead", "match": {"Email": "${e://Field/email}", "Company": "Acme"}, "if_none": "continue", "if_many": "first"}}
  }
})";

// The fields that the test looks at, of every record that there is.
const std::map<std::string, std::vector<std::string>> looked_at{
    {"Contact", {"LastName", "Email", "Birthdate", "Title", "Phone"}},
    {"Survey_Response__c", {"Response_Id__c", "Score__c", "Segment__c", "Comment__c", "Contact__c", "Responded_At__c"}},
    {"Case", {"Subject", "ContactId", "Priority", "Description"}},
    {"Lead", {"LastName", "Company", "Email", "Title"}}};

// Sanitizers look for other faults, and take ten times as long.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t response_count = 100;
#else
constexpr std::size_t response_count = 500;
#endif

// What the org fills in by itself where nothing is written: no part of a plan.
const std::map<std::string, json> filled_in{{"Case", {{"Priority", "Medium"}}}};

using Records = std::map<std::string, std::map<std::string, json>>;  // object -> id -> fields

class Pool {
 public:
  explicit Pool(unsigned seed) : numbers_(seed) {}

  std::size_t below(std::size_t end) { return static_cast<std::size_t>(numbers_()) % end; }
  bool once_in(std::size_t times) { return below(times) == 0; }
  std::string one_of(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }

  std::string email() {
    const std::string name = fmt::format("person{}", below(60));
    return one_of({name, name, "P" + name.substr(1)}) + "@example.com";  // Salesforce tells no capitals apart
  }

  // A key that comes back now and then is another revision of the same answer.
  std::string response(std::size_t number) {
    json values{{"finished", once_in(20) ? 0 : 1},
                {"recordedDate", fmt::format("2026-05-{:02}T07:25:{:02}Z", 1 + below(28), below(60))},
                {"email", once_in(25) ? "" : email()},
                {"name", once_in(8) ? "" : fmt::format("Name {}", number)},
                {"day", once_in(3) ? "" : fmt::format("1990-{:02}-{:02}", 1 + below(12), 1 + below(28))},
                {"key", fmt::format("{}_{}", one_of({"K", "k"}), below(200))},
                {"score", once_in(30) ? "many" : one_of({"1", "3", "4.0", "7", "9.5", "10"})},
                {"segment", one_of({"A", "b", "C", "", "D"})},
                {"comment", one_of({"", "fine", "it's \"so\" so", "two\nlines", "später 😀"})},
                {"priority", one_of({"High", "low", ""})},
                {"title", one_of({"CEO", "CTO", "Clerk", ""})},
                {"phone", one_of({"555-1", "555-2", ""})}};
    return json{{"responseId", fmt::format("R_{}", number)},
                {"values", values},
                {"labels", json::object()},
                {"displayedFields", json::array()},
                {"displayedValues", json::object()}}
        .dump();
  }

 private:
  std::mt19937 numbers_;
};

// An org with people, leads and answers in it.
class BusyOrg {
 public:
  explicit BusyOrg(Pool& pool) {
    for (std::size_t i = 0; i < 45; ++i)  // some share an address
      insert("Contact", {{"LastName", fmt::format("Known {}", i)}, {"Email", pool.email()}, {"Title", "CEO"}});
    for (std::size_t i = 0; i < 40; ++i)
      insert("Lead", {{"LastName", fmt::format("Lead {}", i)},
                      {"Company", pool.one_of({"Acme", "Other"})},
                      {"Email", pool.email()}});
    for (std::size_t i = 0; i < 30; ++i)
      insert("Survey_Response__c",
             {{"Response_Id__c", fmt::format("K_{}", i * 3)}, {"Score__c", 7}, {"Segment__c", "B"}});
    test::write_file(workflow(), busy_workflow);
    test::write_file(directory_.file("crm.json"),
                     app::local_account(org_.credentials(), local_org::Environment::sandbox).text);
  }

  Records records() {
    Records records;
    for (const auto& [object, fields] : looked_at) {
      const std::string soql = fmt::format("SELECT Id, {} FROM {}", fmt::join(fields, ", "), object);
      for (json& record : json::parse(org_.query(soql).text)) {
        const std::string id = record.at("Id");
        record.erase("Id");
        record.erase("attributes");
        records[object][id] = std::move(record);
      }
    }
    return records;
  }

  // Neither log-ins nor descriptions, which are kept from run to run.
  std::vector<std::string> calls_since(std::size_t start) {
    std::vector<std::string> calls;
    const std::vector<local_org::Call> all = org_.calls();
    for (std::size_t i = start; i < all.size(); ++i)
      if (all[i].path.find("/oauth2/") == std::string::npos && all[i].path.find("/describe") == std::string::npos)
        calls.push_back(all[i].method + " " + all[i].path);
    return calls;
  }
  std::size_t calls_so_far() { return org_.calls().size(); }

  std::string workflow() const { return directory_.file("workflow.json"); }
  std::vector<app::AccountFile> accounts() const { return {{"crm", directory_.file("crm.json")}}; }
  std::string data() const { return directory_.file("data"); }

 private:
  void insert(const std::string& object, const json& fields) { org_.insert(object, {fields.dump()}); }

  test::TemporaryDirectory directory_;
  base::SystemRandom random_;
  boost::asio::io_context clock_loop_;
  base::SystemClock clock_{clock_loop_};

 public:
  boost::asio::io_context loop{1};
  base::SilentLog log;

 private:
  local_org::LocalOrg org_{local_org::LocalOrgOptions{.environment = local_org::Environment::sandbox}, clock_, random_};
  local_org::Served served_{org_, loop, log};
};

base::awaitable<std::vector<app::PlannedResponse>> plan_all(BusyOrg& org, const std::vector<std::string>& bodies) {
  app::Planner planner(org.loop, org.log, "60.0");
  const base::Findings findings = co_await planner.open(org.workflow(), org.accounts());
  for (const base::Finding& finding : findings) FAIL(base::to_line(finding));
  std::vector<app::PlannedResponse> planned;
  for (const std::string& body : bodies) {
    base::Result<connectors::survey::Response> response = connectors::survey::read_response(body);
    REQUIRE(response);
    planned.push_back(co_await planner.plan(*std::move(response)));
  }
  co_return planned;
}

struct RunEnds {
  std::string not_started{};  // code
  std::vector<engine::TaskProgress> tasks{};
};

// How the log says that they ended.
base::awaitable<std::vector<engine::TaskProgress>> tasks_of(app::Services& services, const engine::RunRow& row) {
  engine::Run run;
  const std::shared_ptr<engine::LiveVersion> version = co_await services.workflows.version(row.version_no);
  run.tasks.resize(version->definition.tasks.size());
  const std::vector<engine::Fact> facts = co_await services.history.facts({1}, row.no);
  for (const engine::Fact& fact : facts) engine::apply(run, fact);
  co_return run.tasks;
}

base::awaitable<std::vector<RunEnds>> run_all(BusyOrg& org, const std::vector<std::string>& bodies) {
  app::ServiceOptions options{.data_directory = org.data(), .program = "the test"};
  auto services = app::Services::open(org.loop, org.log, std::move(options));
  REQUIRE(services);
  app::Workspace workspace(**services);
  co_await (*services)->load();
  co_await workspace.open();
  base::Findings findings = co_await workspace.take_accounts(org.accounts());
  REQUIRE(findings.empty());
  findings = co_await workspace.take_workflow_file(org.workflow(), "workflow");
  REQUIRE(findings.empty());
  findings = co_await workspace.identify_accounts();
  REQUIRE(findings.empty());
  bool has_stopped = false;
  boost::asio::co_spawn(org.loop, (*services)->worker.run(), [&](const std::exception_ptr&) { has_stopped = true; });
  std::vector<RunEnds> ends;
  for (const std::string& body : bodies) {
    base::Result<engine::TriggerEvent> event = app::response_event(body, (*services)->surveys);
    REQUIRE(event);
    event->source = workspace.hooks().at("workflow").substr(std::string("/hooks/").size());
    event->received_at = (*services)->clock.now();
    const auto answer = co_await (*services)->intake.accept(workspace.brand(), *std::move(event));
    REQUIRE(answer);
    RunEnds end;
    if (answer->run_ids.empty()) {
      end.not_started = std::string(answer->not_started.front().code.name);
    } else {
      const engine::RunRow row = co_await app::until_at_rest(**services, workspace.brand(), answer->run_ids.front());
      end.tasks = co_await tasks_of(**services, row);
    }
    ends.push_back(std::move(end));
  }
  (*services)->worker.stop();
  while (!has_stopped) co_await boost::asio::post(org.loop, boost::asio::use_awaitable);
  co_return ends;
}

// The records that a plan promises: it tells of a new record by a name of its own until the run has shown its id.
class Promised {
 public:
  explicit Promised(Records records) : records_(std::move(records)) {}

  void take(const app::PlannedTask& task, const engine::TaskProgress& ran) {
    if (task.outlook == app::Outlook::creates) {
      const std::string id = id_of(ran);
      ids_[task.record] = id;
      json& fields = records_[task.object][id];
      for (const std::string& field : looked_at.at(task.object)) fields[field] = nullptr;
      if (filled_in.contains(task.object)) fields.update(filled_in.at(task.object));
      for (const auto& [field, value] : task.key) fields[field] = told(value);
    }
    if (task.outlook == app::Outlook::removes) {
      REQUIRE(records_[task.object].erase(real(task.record)) == 1);
    }
    if (task.fields.empty()) return;
    json& fields = records_.at(task.object).at(real(task.record));
    for (const tasks::FieldDifference& difference : task.fields) {
      INFO(task.object << " " << task.record << " " << difference.field);
      if (task.outlook == app::Outlook::updates) CHECK(fields[difference.field] == told(difference.before));
      fields[difference.field] = told(difference.after);
    }
  }

  const Records& records() const { return records_; }

 private:
  static std::string id_of(const engine::TaskProgress& ran) {
    for (const auto& [name, value] : ran.output)
      if (name == "id") return base::to_text(value);
    FAIL("a run made no record where the plan had promised one");
    return "";
  }

  std::string real(const std::string& record) const {
    const auto found = ids_.find(record);
    return found == ids_.end() ? record : found->second;
  }

  json told(const base::Value& value) const {
    json told = json::parse(base::to_json(value));
    if (told.is_string()) told = real(told.get<std::string>());
    return told;
  }

  Records records_;
  std::map<std::string, std::string> ids_{};
};

engine::TaskState state_promised(app::Outlook outlook) {
  switch (outlook) {
    case app::Outlook::fails: return engine::TaskState::failed;
    case app::Outlook::skipped: return engine::TaskState::skipped;
    case app::Outlook::held: return engine::TaskState::held;
    case app::Outlook::undecided: return engine::TaskState::waiting;
    default: return engine::TaskState::succeeded;
  }
}

}  // namespace

TEST_CASE("what a plan says of 500 varied responses is what the org holds after they have run, field by field") {
  Pool pool(20261128);
  BusyOrg org(pool);
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < response_count; ++i) bodies.push_back(pool.response(i));
  const Records before = org.records();
  std::size_t start = org.calls_so_far();

  const std::vector<app::PlannedResponse> planned = app::run_on(org.loop, plan_all(org, bodies));

  for (const std::string& call : org.calls_since(start)) REQUIRE(call.starts_with("GET "));
  REQUIRE(org.records() == before);
  start = org.calls_so_far();
  const std::vector<RunEnds> ran = app::run_on(org.loop, run_all(org, bodies));

  Promised promised(before);
  app::PlanTally tally;
  std::set<std::string> failures;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    INFO("response " << i << ": " << bodies[i]);
    tally.add(planned[i]);
    REQUIRE(planned[i].code == ran[i].not_started);
    REQUIRE(planned[i].tasks.size() == ran[i].tasks.size());
    for (std::size_t t = 0; t < planned[i].tasks.size(); ++t) {
      const app::PlannedTask& task = planned[i].tasks[t];
      INFO("task " << task.id << ": " << app::to_string(task.outlook) << " " << task.code << " " << task.message);
      REQUIRE(state_promised(task.outlook) == ran[i].tasks[t].state);
      if (task.outlook == app::Outlook::fails) failures.insert(task.code);
      if (task.outlook == app::Outlook::fails) CHECK(task.code == ran[i].tasks[t].code);
      promised.take(task, ran[i].tasks[t]);
    }
  }
  const Records after = org.records();
  for (const auto& [object, fields] : looked_at) {
    INFO(object);
    const auto& held = after.at(object);
    CHECK(held.size() == promised.records().at(object).size());
    for (const auto& [id, record] : promised.records().at(object)) {
      INFO(id);
      REQUIRE(held.contains(id));
      CHECK(held.at(id) == record);
    }
  }
  // The identity of the org was asked for once more by each of the two.
  const std::vector<std::string> calls = org.calls_since(start);
  const auto identity = std::count_if(calls.begin(), calls.end(), [](const std::string& call) {
    return call.find("Organization") != std::string::npos || call.find("/id/") != std::string::npos;
  });
  CHECK(static_cast<std::int64_t>(calls.size()) - identity == tally.calls);

  // All of it happens, or nothing would have been shown; in fewer responses some of it may not.
  if (response_count < 500) return;
  using app::Outlook;
  for (const Outlook outlook : {Outlook::creates, Outlook::updates, Outlook::removes, Outlook::changes_nothing,
                                Outlook::finds, Outlook::fails, Outlook::skipped}) {
    INFO(app::to_string(outlook));
    CHECK(tally.count(outlook) >= 10);
  }
  CHECK(tally.not_started >= 10);
  CHECK(failures.contains("salesforce_refused"));
  CHECK(failures.contains("mapping_value_not_a_number"));
  CHECK(failures.contains("mapping_value_not_in_picklist"));
}
