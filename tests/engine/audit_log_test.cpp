// The audit log: what is committed with an entry, and that no entry can be changed, lost, moved or added unseen.
#include "engine/audit_log.hpp"

#include <catch2/catch.hpp>

#include "tests/support/engine_fixture.hpp"

namespace {

using engine::AuditCheck;
using engine::AuditEntry;
using support::EngineFixture;

AuditEntry an_entry(const std::string& what = "project.renamed") { return {"usr_owner", what, "prj_1"}; }

std::int64_t stored_epoch(EngineFixture& engine) {
  return engine.sql("SELECT auth_epoch FROM brand WHERE no = 1").front().integer(0);
}

base::sql::Batch rename_project() {
  return {
      {R"sql(UPDATE project SET name = 'another' WHERE brand = $1 AND id = 'prj_1')sql", {EngineFixture::brand.no}}};
}

std::string project_name(EngineFixture& engine) {
  return engine.sql("SELECT name FROM project WHERE id = 'prj_1'").front().text(0);
}

void tamper(EngineFixture& engine, base::sql::Batch batch) {
  engine.wait(engine.process->database.real().apply(std::move(batch)));
}

AuditCheck verify(EngineFixture& engine, std::optional<engine::AuditHead> kept = {}) {
  return engine.wait(engine.process->audit.verify(EngineFixture::brand, std::move(kept)));
}

void commit_entries(EngineFixture& engine, int count) {
  for (int i = 0; i < count; ++i)
    engine.wait(engine.process->audit.commit(EngineFixture::brand, an_entry(), rename_project()));
}

// Whoever may write the file can make a log that holds by itself: its end is cut off, and the end is written down anew.
void cut_after(EngineFixture& engine, std::int64_t no) {
  tamper(engine, {{"DELETE FROM audit_entry WHERE brand = 1 AND no > $1", {no}},
                  {"UPDATE audit_head SET no = $1, hash = (SELECT hash FROM audit_entry WHERE brand = 1 AND no = $1) "
                   "WHERE brand = 1",
                   {no}}});
}

// One of each way to falsify a log, at a place that chance chooses.
base::sql::Batch a_falsification(base::Random& random, std::int64_t entries) {
  const auto place = [&] { return 1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(entries))); };
  const std::int64_t no = place();
  const std::int64_t other =
      1 + (no + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(entries - 1)))) % entries;
  switch (random.below(6)) {
    case 0: return {{"UPDATE audit_entry SET who = 'usr_other' WHERE brand = 1 AND no = $1", {no}}};
    case 1: return {{"UPDATE audit_entry SET details = '{\"n\":-1}' WHERE brand = 1 AND no = $1", {no}}};
    case 2: return {{"UPDATE audit_entry SET at = at + 1 WHERE brand = 1 AND no = $1", {no}}};
    case 3: return {{"DELETE FROM audit_entry WHERE brand = 1 AND no = $1", {no}}};
    case 4:
      return {{"UPDATE audit_entry SET no = -1 WHERE brand = 1 AND no = $1", {no}},
              {"UPDATE audit_entry SET no = $1 WHERE brand = 1 AND no = $2", {no, other}},
              {"UPDATE audit_entry SET no = $1 WHERE brand = 1 AND no = -1", {other}}};
    default:  // an entry of the same content, where the log ends
      return {
          {"INSERT INTO audit_entry (brand, no, at, who, what, subject, details, hash) SELECT brand, $2, at, who, "
           "what, subject, details, hash FROM audit_entry WHERE brand = 1 AND no = $1",
           {no, entries + 1}}};
  }
}

}  // namespace

TEST_CASE("a change, the next epoch and its entry are committed together") {
  EngineFixture engine;
  const std::int64_t epoch = stored_epoch(engine);
  const auto entries = verify(engine).entries;

  engine.wait(engine.process->audit.commit(EngineFixture::brand, an_entry(), rename_project()));

  CHECK(project_name(engine) == "another");
  CHECK(stored_epoch(engine) == epoch + 1);
  CHECK(engine.process->people.brand(EngineFixture::brand)->auth_epoch == epoch + 1);
  CHECK(verify(engine).entries == entries + 1);
}

TEST_CASE("a change that fails leaves neither entry nor epoch") {
  EngineFixture engine;
  const std::int64_t epoch = stored_epoch(engine);
  const auto entries = verify(engine).entries;
  base::sql::Batch broken = rename_project();
  broken.push_back({"INSERT INTO project (brand, id, name, owner) VALUES (1, 'prj_1', '', '')"});

  CHECK_THROWS_AS(engine.wait(engine.process->audit.commit(EngineFixture::brand, an_entry(), std::move(broken))),
                  base::sql::DatabaseError);

  CHECK(project_name(engine) == "a project");
  CHECK(stored_epoch(engine) == epoch);
  CHECK(verify(engine).entries == entries);
}

TEST_CASE("a change that finds nothing to do is taken back whole") {
  EngineFixture engine;
  const std::int64_t epoch = stored_epoch(engine);
  engine::AuditLog::Change change = [](base::sql::Connection& sql) {
    sql.execute(rename_project().front());
    return false;
  };

  CHECK_FALSE(engine.wait(engine.process->audit.commit_if(EngineFixture::brand, an_entry(), std::move(change))));

  CHECK(project_name(engine) == "a project");
  CHECK(stored_epoch(engine) == epoch);
}

TEST_CASE("entries are listed newest first, by page and by who, what and subject") {
  EngineFixture engine;
  for (const char* what : {"a.one", "a.two", "a.one", "a.three"})
    engine.wait(engine.process->audit.commit(EngineFixture::brand, an_entry(what), {}));

  const auto newest = engine.wait(engine.process->audit.list(EngineFixture::brand, {.limit = 2}));
  const auto before =
      engine.wait(engine.process->audit.list(EngineFixture::brand, {.before = newest.back().no, .limit = 1}));
  const auto ones = engine.wait(engine.process->audit.list(EngineFixture::brand, {.what = "a.one"}));

  REQUIRE(newest.size() == 2);
  CHECK(newest[0].entry.what == "a.three");
  CHECK(before.at(0).entry.what == "a.two");
  CHECK(ones.size() == 2);
  CHECK(engine.wait(engine.process->audit.list(EngineFixture::brand, {.who = "usr_nobody"})).empty());
  CHECK(engine.wait(engine.process->audit.list(engine::BrandId{2}, {})).empty());
}

TEST_CASE("of a thousand falsifications of the log every one is found") {
  EngineFixture engine;
  constexpr int rounds = 1000;
  base::SeededRandom random(11);
  for (int i = 0; i < 40; ++i) {
    AuditEntry entry{"usr_owner", "project.renamed", "prj_1", {"{\"n\":" + std::to_string(i) + "}"}};
    engine.wait(engine.process->audit.commit(EngineFixture::brand, std::move(entry), {}));
  }
  const std::int64_t entries = verify(engine).entries;
  REQUIRE_FALSE(verify(engine).first_broken);
  tamper(engine, {{"CREATE TABLE sound_entry AS SELECT * FROM audit_entry"}});

  int found = 0;
  for (int i = 0; i < rounds; ++i) {
    tamper(engine, a_falsification(random, entries));
    if (verify(engine).first_broken) ++found;
    tamper(engine, {{"DELETE FROM audit_entry"}, {"INSERT INTO audit_entry SELECT * FROM sound_entry"}});
  }

  CHECK(found == rounds);
  CHECK_FALSE(verify(engine).first_broken);
}

TEST_CASE("the first entry that does not hold is named") {
  EngineFixture engine;
  for (int i = 0; i < 5; ++i) engine.wait(engine.process->audit.commit(EngineFixture::brand, an_entry(), {}));
  tamper(engine, {{"UPDATE audit_entry SET subject = 'prj_2' WHERE no IN (3, 5)"}});

  const AuditCheck check = verify(engine);

  CHECK(check.first_broken == 3);
  CHECK(check.entries == 2);
}

TEST_CASE("a log whose end was cut off holds by itself, but does not lead to a head that was kept") {
  EngineFixture engine;
  commit_entries(engine, 5);
  const engine::AuditHead kept = engine.wait(engine.process->audit.head(EngineFixture::brand));
  CHECK(kept.hash == verify(engine).head);
  commit_entries(engine, 2);
  CHECK_FALSE(verify(engine, kept).first_broken);  // the log has gone on from there

  cut_after(engine, kept.no - 1);

  CHECK_FALSE(verify(engine).first_broken);
  const AuditCheck check = verify(engine, kept);
  CHECK(check.first_broken == kept.no);
  CHECK(check.fault.find("the head that was kept is that of entry") != std::string::npos);
}

TEST_CASE("a log that was cut off and has gone on since does not lead to a head that was kept") {
  EngineFixture engine;
  commit_entries(engine, 5);
  const engine::AuditHead kept = engine.wait(engine.process->audit.head(EngineFixture::brand));
  cut_after(engine, kept.no - 1);
  engine.wait(engine.process->audit.commit(EngineFixture::brand, an_entry("project.removed"), rename_project()));

  CHECK_FALSE(verify(engine).first_broken);
  const AuditCheck check = verify(engine, kept);
  CHECK(check.first_broken == kept.no);
  CHECK(check.fault == "it is not the entry whose head was kept");
}
