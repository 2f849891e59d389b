#include "tests/support/engine_fixture.hpp"

#include <unistd.h>

#include <cstdlib>

#include <stdexcept>

#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "base/sql/sqlite.hpp"
#include "engine/migrations/migrations.hpp"
#include "engine/run_document.hpp"
#include "tests/support/engine_builders.hpp"

namespace support {
namespace {

constexpr base::Duration patience{3L * 24 * 3'600'000};

// In memory where that is possible: these processes die, but the machine never does.
std::filesystem::path fresh_folder() {
  const std::filesystem::path memory = "/dev/shm";
  const bool has_memory = access(memory.c_str(), W_OK) == 0;
  std::string path = ((has_memory ? memory : std::filesystem::temp_directory_path()) / "sluice-engine-XXXXXX").string();
  if (!mkdtemp(path.data())) throw std::runtime_error("no temporary directory");
  return path;
}

}  // namespace

Process::Process(const std::string& file, base::TimePoint now, std::uint64_t seed, int runs_in_flight_max,
                 Elsewhere& elsewhere, FakeAccounts& accounts)
    : random(seed),
      database(base::sql::open_sqlite_inline(file, engine::migrations()), clock),
      catalog(fake_catalog(elsewhere, clock)),
      audit(database, clock),
      people(database, clock, audit),
      workflows(database, clock, *catalog, audit),
      gate(people, workflows, accounts),
      notices(database, clock, true),
      failure_notices(people, workflows, notices),
      queue(database, clock, failure_notices),
      executor(*catalog, gate, queue, clock, random, log),
      worker(loop, queue, workflows, *catalog, executor, clock, random, log, runs_in_flight_max),
      cancellation(audit, worker, clock),
      intake(people, workflows, gate, queue, executor, worker, clock, log),
      history(database),
      causes(database),
      replay(audit, people, workflows, *catalog, gate, queue, intake, history, worker, clock),
      authoring(people, workflows, accounts, *catalog, audit, notices, random),
      bindings(people, workflows, accounts, audit),
      transfer(people, workflows, gate, *catalog, history, audit, notices),
      account_watch(people, gate, accounts, bindings, notices) {
  clock.set(now);
}

Process::~Process() { worker.stop(); }

EngineFixture::EngineFixture(EngineOptions options) : options_(options), folder_(fresh_folder()) {
  engine::AccountFacts facts;
  facts.id = "acc_1";
  facts.name = "Production";
  facts.environment = "production";
  facts.owner = "usr_owner";
  facts.org_id = "00D_1";
  accounts.all["acc_1"] = facts;
  open(noon());
  wait(process->people.add_brand("system", {brand, "brd_1", "a brand", {"salesforce"}, 1}));
  wait(process->people.add_project("system", brand, {"prj_1", "a project", "usr_owner"}));
}

EngineFixture::~EngineFixture() {
  elsewhere.bells.clear();
  process.reset();
  std::filesystem::remove_all(folder_);
}

void EngineFixture::open(base::TimePoint now) {
  process = std::make_unique<Process>((folder_ / "engine.db").string(), now, options_.seed++,
                                      options_.runs_in_flight_max, elsewhere, accounts);
  process->database.on_death = [loop = &process->loop] { loop->stop(); };
  wait(process->people.load());
  wait(process->workflows.load());
  wait(process->queue.open("worker"));
  boost::asio::co_spawn(process->loop, process->worker.run(), boost::asio::detached);
}

void EngineFixture::restart() {
  const base::TimePoint now = process->clock.now();
  elsewhere.bells.clear();
  elsewhere.under_way = 0;
  process.reset();
  open(now + base::Duration{1'000});
}

engine::WorkflowDefinition EngineFixture::definition(const std::string& tasks, const std::string& name,
                                                     const std::string& trigger) {
  const std::string text = R"({"name":")" + name + R"(","trigger":)" + trigger + R"(,"tasks":)" + tasks + "}";
  engine::DefinitionCheck check =
      engine::check_definition(base::JsonDocument::read(text, "workflow.json"), *process->catalog);
  for (const base::Finding& finding : check.findings) {
    if (finding.severity == base::Severity::error) throw std::runtime_error(base::to_line(finding));
  }
  return std::move(*check.definition);
}

std::int64_t EngineFixture::add_workflow(const std::string& tasks, const std::string& trigger, const std::string& id) {
  engine::WorkflowDefinition first = definition(tasks, id, trigger);
  engine::Workflow workflow;
  workflow.brand = brand;
  workflow.id = id;
  workflow.project = "prj_1";
  workflow.name = id;
  workflow.creator = "usr_owner";
  workflow.enabled = true;
  workflow.hook = "hook_1";
  wait(process->workflows.add("system", workflow));
  const std::int64_t no = process->workflows.find(brand, id)->no;
  wait(process->workflows.publish("usr_owner", no, std::move(first)));
  bind(no, "acc_1");
  return no;
}

std::optional<base::Result<engine::IntakeAnswer>> EngineFixture::deliver(const std::string& key,
                                                                         const std::string& body,
                                                                         engine::EventContent content,
                                                                         bool key_is_explicit) {
  engine::TriggerEvent event{
      .source = "hook_1", .dedup_key = key, .key_is_explicit = key_is_explicit, .content = content, .body = body};
  event.received_at = process->clock.now();
  if (content == engine::EventContent::whole) {
    base::Result<std::shared_ptr<const engine::ValueSource>> values =
        process->catalog->trigger("fake_response")->read(body);
    if (!values) throw std::runtime_error(values.error().message);
    event.values = *values;
  }
  try {
    return wait(process->intake.accept(brand, std::move(event)));
  } catch (const std::exception&) {
    if (process->database.is_dead()) return std::nullopt;
    throw;
  }
}

std::string EngineFixture::start(const std::string& key, const std::string& body, engine::EventContent content) {
  std::optional<base::Result<engine::IntakeAnswer>> answer = deliver(key, body, content);
  if (!answer || !*answer || (*answer)->run_ids.size() != 1)
    throw std::runtime_error("the delivery started no run, or several");
  return (*answer)->run_ids.front();
}

void EngineFixture::settle() {
  process->loop.restart();
  if (!process->database.is_dead()) process->loop.poll();
}

void EngineFixture::pass(base::Duration time) {
  const base::TimePoint end = process->clock.now() + time;
  settle();
  while (!process->database.is_dead()) {
    const std::optional<base::TimePoint> next = process->clock.next_timer();
    if (!next || *next > end) break;
    process->clock.set(std::max(*next, process->clock.now()));
    settle();
  }
  process->clock.set(end);
  settle();
}

bool EngineFixture::run_to_end() {
  const base::TimePoint end = process->clock.now() + patience;
  settle();
  while (!process->database.is_dead()) {
    const base::sql::Rows open = wait(
        process->database.real().read({"SELECT 1 FROM run WHERE state = 'running' OR due_at IS NOT NULL LIMIT 1"}));
    settle();
    if (open.empty()) return true;
    const std::optional<base::TimePoint> next = process->clock.next_timer();
    if (!next || *next > end) return false;
    process->clock.set(std::max(*next, process->clock.now()));
    settle();
  }
  return false;
}

void EngineFixture::lift(std::vector<std::string> keys) {
  wait(process->queue.lift(brand, std::move(keys)));
  process->worker.ring();
  settle();
}

void EngineFixture::set_extensions(std::vector<std::string> extensions) {
  std::vector<std::string> keys;
  for (const std::string& extension : extensions) keys.push_back("license:" + extension);
  wait(process->people.set_extensions("usr_owner", brand, std::move(extensions)));
  lift(std::move(keys));
}

void EngineFixture::set_owner(const std::string& owner) {
  wait(process->people.set_owner("usr_owner", brand, "prj_1", owner));
  lift({"project:prj_1"});
}

void EngineFixture::bind(std::int64_t workflow, const std::string& account, const std::string& org) {
  wait(process->people.bind("usr_owner", brand, {workflow, "crm", account, org}));
  lift({"binding:" + process->workflows.find(workflow)->id + ":crm"});
}

void EngineFixture::raise_epoch() {
  wait(process->database.real().apply({engine::PeopleStore::raise_epoch(brand)}));
  process->people.raised_epoch(brand);
}

void EngineFixture::accounts_changed(std::vector<std::string> keys) {
  raise_epoch();
  lift(std::move(keys));
}

bool EngineFixture::resume(const std::string& run_id, std::vector<engine::Fact> facts) {
  for (engine::Fact& fact : facts) fact.at = process->clock.now();
  const bool is_resumed = wait(process->queue.resume(brand, row(run_id).no, engine::to_json(facts)));
  process->worker.ring();
  settle();
  return is_resumed;
}

engine::Cancelled EngineFixture::cancel(const std::string& run_id) {
  const engine::Cancelled outcome = wait(process->cancellation.cancel("usr_owner", brand, row(run_id)));
  settle();
  return outcome;
}

base::Status EngineFixture::replay_original(const std::string& run_id) {
  base::Status done = wait(process->replay.go_on("usr_owner", brand, row(run_id)));
  settle();
  return done;
}

base::Result<std::string> EngineFixture::replay_latest(const std::string& run_id, int live_version) {
  base::Result<std::string> next = wait(process->replay.follow("usr_owner", brand, row(run_id), live_version));
  settle();
  return next;
}

engine::RunRow EngineFixture::row(const std::string& run_id) {
  std::optional<engine::RunRow> found = wait(process->history.find(brand, run_id));
  if (!found) throw std::runtime_error("there is no run " + run_id);
  return *found;
}

std::vector<engine::Fact> EngineFixture::facts(const std::string& run_id) {
  return wait(process->history.facts(brand, row(run_id).no));
}

std::string EngineFixture::told(const std::string& run_id, int task) {
  std::string words;
  for (const engine::Fact& fact : facts(run_id)) {
    if (fact.task == task) words += (words.empty() ? "" : " ") + std::string(engine::to_string(fact.what));
  }
  return words;
}

engine::TaskState EngineFixture::task_state(const std::string& run_id, std::size_t task) {
  engine::Run run;
  run.tasks.resize(task + 64);
  for (const engine::Fact& fact : facts(run_id)) engine::apply(run, fact);
  return run.tasks[task].state;
}

nlohmann::json EngineFixture::document(const std::string& run_id, std::optional<std::string> viewer) {
  const engine::RunRow run = row(run_id);
  const std::vector<engine::Fact> all = facts(run_id);
  const std::shared_ptr<engine::LiveVersion> version = wait(process->workflows.version(run.version_no));
  engine::RunDocumentParts parts{.run = run, .definition = version->definition, .facts = all};
  parts.children = wait(process->history.children(brand, run.no));
  parts.account = [this](const std::string& id) { return accounts.find(id); };
  parts.viewer = std::move(viewer);
  return nlohmann::json::parse(engine::run_document(parts).text);
}

std::vector<engine::RunRow> EngineFixture::runs() {
  return wait(process->history.list(brand, engine::RunFilter{.limit = 10'000}));
}

std::vector<engine::EventWithoutRun> EngineFixture::not_started() {
  return wait(process->history.not_started(brand, 100));
}

base::sql::Rows EngineFixture::sql(std::string_view text) { return wait(process->database.real().read({text})); }

}  // namespace support
