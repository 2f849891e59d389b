// Authoring on a whole engine: who is told of what, what proves access, and what a copy, a watch and an upgrade keep.
#include <catch2/catch.hpp>

#include "base/sql/sqlite.hpp"
#include "engine/migrations/migrations.hpp"
#include "tests/support/engine_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using support::EngineFixture;

constexpr engine::BrandId brand = EngineFixture::brand;

// A workflow of usr_creator's in usr_owner's project, on an account of the owner's that an edit by usr_editor
// invalidates.
struct AuthoredWorld {
  EngineFixture engine;
  std::int64_t no = 0;

  AuthoredWorld() {
    for (const char* user : {"usr_owner", "usr_creator", "usr_editor"})
      engine.wait(engine.process->people.add_user("system", brand, {user, user, engine::Role::user}));
    no = engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
    engine.process->workflows.creator_is(no, "usr_creator");
  }

  const engine::Workflow& workflow() { return *engine.process->workflows.find(no); }
  engine::Binding binding() { return *engine.process->people.binding(brand, no, "crm"); }
  engine::Pushed push(const std::string& who, const std::string& name, bool acknowledged = true) {
    engine::Push push{.definition = engine.definition(R"({"a":{"type":"fake","account":"crm"}})", name)};
    push.acknowledged = acknowledged;
    return engine.wait(engine.process->authoring.push(who, workflow(), std::move(push)));
  }
  std::vector<engine::NoticeRecord> notices_of(const std::string& user) {
    return engine.wait(engine.process->notices.list(brand, user, {}));
  }
};

}  // namespace

TEST_CASE("an acknowledged edit tells the creator and the owner once each, and the editor nothing") {
  AuthoredWorld world;

  const engine::Pushed pushed = world.push("usr_editor", "edited");

  REQUIRE(pushed.invalidated.size() == 1);
  CHECK(world.binding().awaits);
  CHECK(world.binding().awaits_editor == "usr_editor");
  CHECK(world.binding().awaits_version == 2);
  for (const char* user : {"usr_creator", "usr_owner"}) {
    const std::vector<engine::NoticeRecord> told = world.notices_of(user);
    REQUIRE(told.size() == 1);
    CHECK(told[0].notice.kind == engine::NoticeKind::edit_invalidated);
    CHECK_THAT(told[0].notice.message, Catch::Contains("version 2") && Catch::Contains("usr_editor"));
  }
  CHECK(world.notices_of("usr_editor").empty());
}

TEST_CASE("the audit log names the editor, the version and the aliases of an edit that invalidates") {
  AuthoredWorld world;
  world.push("usr_editor", "edited");
  const std::vector<engine::AuditRecord> records =
      world.engine.wait(world.engine.process->audit.list(brand, {.what = "workflow.published", .limit = 1}));
  REQUIRE(records.size() == 1);
  CHECK(records[0].entry.who == "usr_editor");
  CHECK_THAT(records[0].entry.details.text,
             Catch::Contains(R"("version":2)") && Catch::Contains(R"("invalidated":["crm"])"));
}

TEST_CASE("only a login to the same org, by the editor, proves an awaiting binding") {
  AuthoredWorld world;
  world.push("usr_editor", "edited");
  engine::Bindings& bindings = world.engine.process->bindings;

  CHECK(bindings.orgs_to_prove(brand, "usr_editor") == std::vector<std::string>{"00D_1"});
  CHECK(world.engine.wait(bindings.prove_org(brand, "usr_editor", "00D_other")).empty());
  CHECK(world.engine.wait(bindings.prove_org(brand, "usr_creator", "00D_1")).empty());
  CHECK(world.binding().awaits);

  CHECK(world.engine.wait(bindings.prove_org(brand, "usr_editor", "00D_1")) ==
        std::vector<std::string>{"binding:wfl_1:crm"});
  CHECK_FALSE(world.binding().awaits);
  CHECK(world.binding().account == "acc_1");  // the owner's, as before: nothing of the editor's is used
}

TEST_CASE("the owner's refresh of the owner's own account is proof, anybody else's is not") {
  AuthoredWorld world;
  world.push("usr_editor", "edited");
  engine::Bindings& bindings = world.engine.process->bindings;

  CHECK(world.engine.wait(bindings.refreshed(brand, "usr_editor", "acc_1")).empty());
  CHECK(world.engine.wait(bindings.refreshed(brand, "usr_owner", "acc_1")).size() == 1);
  CHECK_FALSE(world.binding().awaits);
}

TEST_CASE("an editor who is not told beforehand changes nothing, whoever pushes at once") {
  AuthoredWorld world;
  CHECK(world.push("usr_editor", "edited", false).to == engine::Pushed::To::would_invalidate);
  CHECK(world.workflow().name == "wfl_1");
  CHECK(world.push("usr_creator", "first").version == 2);
  CHECK(world.push("usr_creator", "first").to == engine::Pushed::To::unchanged);
}

TEST_CASE("runs that wait for a proof are kept and go on in their order") {
  AuthoredWorld world;
  world.push("usr_editor", "edited");
  std::vector<std::string> runs;
  for (const char* key : {"R_1", "R_2", "R_3"}) runs.push_back(world.engine.start(key));
  REQUIRE(world.engine.run_to_end());
  for (const std::string& run : runs) CHECK(world.engine.row(run).code == "awaits_reauthentication");
  CHECK(world.engine.elsewhere.nexts.count("a") == 0);

  world.engine.lift(world.engine.wait(world.engine.process->bindings.prove_org(brand, "usr_editor", "00D_1")));

  REQUIRE(world.engine.run_to_end());
  for (const std::string& run : runs) CHECK(world.engine.state(run) == "succeeded");
}

TEST_CASE("a rename is no edit, and outlives the next version") {
  AuthoredWorld world;
  world.engine.wait(world.engine.process->workflows.rename("usr_editor", world.no, "Our name"));
  CHECK_FALSE(world.binding().awaits);
  world.push("usr_creator", "another name in the document");
  CHECK(world.workflow().name == "Our name");
}

TEST_CASE("a copy of what awaits does not await: it is the copier's own") {
  AuthoredWorld world;
  world.push("usr_editor", "edited");

  const std::string by_owner =
      world.engine.wait(world.engine.process->authoring.copy("usr_owner", world.workflow(), "prj_1", ""));
  const std::string by_editor =
      world.engine.wait(world.engine.process->authoring.copy("usr_editor", world.workflow(), "prj_1", ""));

  const engine::WorkflowStore& store = world.engine.process->workflows;
  const engine::PeopleStore& people = world.engine.process->people;
  const std::vector<engine::Binding> kept = people.bindings(brand, store.find(brand, by_owner)->no);
  REQUIRE(kept.size() == 1);
  CHECK_FALSE(kept[0].awaits);
  CHECK(kept[0].org_id == "00D_1");
  CHECK(people.bindings(brand, store.find(brand, by_editor)->no).empty());
}

TEST_CASE(
    "a dead login is told once to its holder and to the owners whose workflows need it, and again when it dies again") {
  AuthoredWorld world;
  engine::AccountWatch& watch = world.engine.process->account_watch;
  world.engine.account().owner = "usr_creator";
  world.engine.account().state = engine::AccountState::expired;
  world.engine.account().last_success = "2026-01-01T00:00:00.000Z";

  for (int i = 0; i < 3; ++i) world.engine.wait(watch.changed(brand, "acc_1"));
  for (const char* user : {"usr_creator", "usr_owner"}) REQUIRE(world.notices_of(user).size() == 1);
  CHECK(world.notices_of("usr_owner")[0].notice.message.find("Production") == std::string::npos);
  CHECK_THAT(world.notices_of("usr_owner")[0].notice.message, Catch::Contains("Account Token Expired"));

  world.engine.account().last_success = "2026-01-02T00:00:00.000Z";
  world.engine.wait(watch.changed(brand, "acc_1"));
  CHECK(world.notices_of("usr_owner").size() == 2);
}

TEST_CASE("a revoked share is told to the owner and the creator of what needs it") {
  AuthoredWorld world;
  engine::AccountWatch& watch = world.engine.process->account_watch;
  world.engine.account().shared_kind = true;
  world.engine.account().shared_with = {"usr_owner"};
  world.engine.wait(watch.learn(brand, "acc_1"));
  world.engine.wait(watch.changed(brand, "acc_1"));
  CHECK(world.notices_of("usr_owner").empty());

  world.engine.account().shared_with.clear();
  world.engine.account().unshared = {"usr_owner"};
  for (int i = 0; i < 2; ++i) world.engine.wait(watch.changed(brand, "acc_1"));

  for (const char* user : {"usr_owner", "usr_creator"}) {
    REQUIRE(world.notices_of(user).size() == 1);
    CHECK(world.notices_of(user)[0].notice.kind == engine::NoticeKind::share_revoked);
  }
}

TEST_CASE("a removed account is told once to the owner and the creator of what ran on it, and named to neither") {
  AuthoredWorld world;
  world.engine.accounts.all.clear();

  for (int i = 0; i < 2; ++i) world.engine.wait(world.engine.process->account_watch.changed(brand, "acc_1"));

  for (const char* user : {"usr_owner", "usr_creator"}) {
    REQUIRE(world.notices_of(user).size() == 1);
    const engine::Notice notice = world.notices_of(user)[0].notice;
    CHECK(notice.kind == engine::NoticeKind::account_is_removed);
    CHECK_THAT(notice.message, Catch::Contains("'crm'"));
    CHECK(notice.message.find("Production") == std::string::npos);
  }
}

TEST_CASE(
    "a binding that was made before the account's first login learns its org, and another org is wrong from then on") {
  AuthoredWorld world;
  world.engine.bind(world.no, "acc_1", "");
  CHECK(world.binding().org_id.empty());

  world.engine.wait(world.engine.process->account_watch.changed(brand, "acc_1"));
  CHECK(world.binding().org_id == "00D_1");

  world.engine.account().org_id = "00D_2";
  world.engine.wait(world.engine.process->account_watch.changed(brand, "acc_1"));
  world.engine.raise_epoch();
  CHECK(world.binding().org_id == "00D_1");
  const auto& answer = world.engine.process->gate.ask(world.no, "salesforce", "crm");
  CHECK(answer.verdict.refusal->code.name == "wrong_org");
}

TEST_CASE("notices are paged newest first, read by their recipient only, and due at the webhook until they are taken") {
  EngineFixture engine;
  engine::Notices& notices = engine.process->notices;
  for (const char* key : {"one", "two", "three", "two"}) {
    engine::Notice notice{.recipient = "usr_a", .subject = "wfl_1", .message = key, .dedup_key = key};
    engine.wait(notices.post(brand, {notice}));
  }
  const auto newest = engine.wait(notices.list(brand, "usr_a", {.limit = 2}));
  REQUIRE(newest.size() == 2);
  CHECK(newest[0].notice.message == "three");
  CHECK(engine.wait(notices.list(brand, "usr_a", {.before = newest[1].no})).size() == 1);
  CHECK_FALSE(engine.wait(notices.mark_read(brand, "usr_b", newest[0].id)));
  CHECK(engine.wait(notices.mark_read(brand, "usr_a", newest[0].id)));
  CHECK(engine.wait(notices.list(brand, "usr_a", {.unread = true})).size() == 2);

  std::vector<engine::NoticeDelivery> due = engine.wait(notices.due_for_delivery(10));
  REQUIRE(due.size() == 3);
  engine.wait(notices.delivered(due[0].record.no));
  engine.wait(notices.deliver_later(due[1].record.no, engine.process->clock.now() + base::Duration{1'000}));
  engine.wait(notices.deliver_later(due[2].record.no, std::nullopt));
  CHECK(engine.wait(notices.due_for_delivery(10)).empty());
  engine.pass(base::Duration{1'000});
  due = engine.wait(notices.due_for_delivery(10));
  REQUIRE(due.size() == 1);
  CHECK(due[0].tries == 1);
}

TEST_CASE("a data directory of the first version keeps its workflows, versions and bindings through the upgrade") {
  const test::TemporaryDirectory directory;
  support::ManualClock clock;
  boost::asio::io_context loop;
  const std::vector<base::sql::Migration> first{engine::first_migration(1)};
  {
    auto old = base::sql::open_sqlite_inline(directory.file("old.db"), first);
    base::sql::Batch rows{
        {"INSERT INTO brand VALUES (1, 'brd_1', 'a brand', 'salesforce', 3)"},
        {"INSERT INTO project VALUES (1, 'prj_1', 'a project', 'usr_1')"},
        {"INSERT INTO workflow VALUES (1, 1, 'wfl_1', 'prj_1', 'w', 'usr_1', 1, 1, 'hk_1', 'w.json')"},
        {"INSERT INTO workflow_version VALUES (1, 1, 1, 1, 'f', '{}', 'usr_1', 5)"},
        {"INSERT INTO binding VALUES (1, 1, 'crm', 'acc_1', '00D_1')"}};
    support::run(loop, old->apply(std::move(rows)));
  }
  auto now = base::sql::open_sqlite_inline(directory.file("old.db"), engine::migrations());
  support::Elsewhere elsewhere;
  const auto catalog = support::fake_catalog(elsewhere, clock);
  engine::AuditLog audit(*now, clock);
  engine::PeopleStore people(*now, clock, audit);
  engine::WorkflowStore workflows(*now, clock, *catalog, audit);
  support::run(loop, people.load());
  support::run(loop, workflows.load());

  CHECK(workflows.find(brand, "wfl_1")->enabled);
  CHECK_FALSE(people.binding(brand, 1, "crm")->awaits);
  const auto versions = support::run(loop, workflows.versions(brand, 1));
  REQUIRE(versions.size() == 1);
  CHECK(versions[0].kind == engine::VersionKind::live);
  CHECK(support::run(loop, workflows.source(brand, 1)) == "{}");
}
