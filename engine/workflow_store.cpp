#include "engine/workflow_store.hpp"

#include <stdexcept>

#include "base/json_document.hpp"
#include "base/json_writer.hpp"
#include "engine/errors.hpp"
#include "engine/fact.hpp"
#include "engine/run.hpp"

namespace engine {
namespace {

using base::sql::Connection;
using base::sql::Row;
using base::sql::Statement;

VersionRecord version_from_row(const Row& row) {
  VersionRecord version{.no = row.integer(0),
                        .number = static_cast<int>(row.integer(1)),
                        .kind = row.text(2) == "draft" ? VersionKind::draft : VersionKind::live,
                        .author = row.text(3),
                        .message = row.text(4)};
  version.created_at = base::from_millis(row.integer(5));
  version.base = static_cast<int>(row.integer(6));
  version.decision = row.text(7);
  version.decided_by = row.text(8);
  if (!row.is_null(9)) version.decided_at = base::from_millis(row.integer(9));
  version.fingerprint = row.text(10);
  return version;
}

Statement insert_version(const Workflow& workflow, std::int64_t version_no, int number, VersionKind kind, int base,
                         const NewVersion& version, base::TimePoint now) {
  return {R"sql(INSERT INTO workflow_version (no, brand, workflow, number, fingerprint, document, author, created_at,
                                              kind, message, base, source)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))sql",
          {version_no, workflow.brand.no, workflow.no, std::int64_t{number}, version.definition.fingerprint,
           version.definition.document.text, version.author, base::to_millis(now), std::string(to_string(kind)),
           version.message, std::int64_t{base}, version.source}};
}

Statement decide(const Workflow& workflow, const VersionRecord& draft, const std::string& decision,
                 const std::string& who, base::TimePoint now) {
  return {R"sql(UPDATE workflow_version SET decision = $4, decided_by = $5, decided_at = $6,
                                            kind = CASE WHEN $4 = 'adopted' THEN 'live' ELSE kind END
                WHERE brand = $1 AND workflow = $2 AND number = $3 AND kind = 'draft' AND decision = '')sql",
          {workflow.brand.no, workflow.no, std::int64_t{draft.number}, decision, who, base::to_millis(now)}};
}

// Only while the live version is the one that the change was decided on.
Statement move_live(const Workflow& workflow, std::int64_t expected, std::int64_t version_no, const std::string& name) {
  return {R"sql(UPDATE workflow SET version_no = $4, name = $5
                WHERE brand = $1 AND no = $2 AND version_no = $3 AND removed = 0)sql",
          {workflow.brand.no, workflow.no, expected, version_no, name}};
}

std::int64_t newest_number(Connection& sql, const Workflow& workflow) {
  const Statement newest{
      R"sql(SELECT coalesce(max(number), 0) FROM workflow_version WHERE brand = $1 AND workflow = $2)sql",
      {workflow.brand.no, workflow.no}};
  return sql.execute(newest).rows.at(0).integer(0);
}

AuditEntry entry_about(std::string who, std::string what, const Workflow& workflow) {
  base::JsonWriter details;
  details.begin_object();
  details.field("project", workflow.project);
  details.end_object();
  return {std::move(who), std::move(what), workflow.id, {details.take()}};
}

}  // namespace

std::string_view to_string(VersionKind kind) { return kind == VersionKind::draft ? "draft" : "live"; }

base::awaitable<void> WorkflowStore::load() {
  workflows_.clear();
  hooks_.clear();
  Statement all_workflows{
      R"sql(SELECT no, brand, id, project, name, creator, enabled, version_no, hook, file, removed FROM workflow ORDER BY brand, no)sql"};
  for (const Row& row : co_await database_.read(std::move(all_workflows))) {
    Workflow workflow{row.integer(0),      {row.integer(1)}, row.text(2), row.text(3), row.text(4),         row.text(5),
                      row.integer(6) != 0, row.integer(7),   row.text(8), row.text(9), row.integer(10) != 0};
    if (!workflow.removed) hooks_.emplace(workflow.hook, workflow.no);
    workflows_[workflow.no] = std::move(workflow);
  }
  Statement newest{R"sql(SELECT coalesce(max(no), 0) FROM workflow_version WHERE brand > 0)sql"};
  const base::sql::Rows rows = co_await database_.read(std::move(newest));
  last_version_no_ = rows.front().integer(0);
}

const Workflow* WorkflowStore::find(std::int64_t no) const {
  auto found = workflows_.find(no);
  return found == workflows_.end() ? nullptr : &found->second;
}

const Workflow* WorkflowStore::find(BrandId brand, std::string_view id) const {
  for (const auto& [no, workflow] : workflows_) {
    if (workflow.brand == brand && workflow.id == id && !workflow.removed) return &workflow;
  }
  return nullptr;
}

std::vector<const Workflow*> WorkflowStore::all(BrandId brand) const {
  std::vector<const Workflow*> list;
  for (const auto& [no, workflow] : workflows_) {
    if (workflow.brand == brand && !workflow.removed) list.push_back(&workflow);
  }
  return list;
}

std::vector<const Workflow*> WorkflowStore::fed_by(BrandId brand, std::string_view hook) const {
  std::vector<const Workflow*> list;
  for (auto [at, end] = hooks_.equal_range(hook); at != end; ++at) {
    const Workflow& workflow = workflows_.at(at->second);
    if (workflow.brand == brand) list.push_back(&workflow);
  }
  return list;
}

std::optional<BrandId> WorkflowStore::brand_of_hook(std::string_view hook) const {
  auto found = hooks_.find(hook);
  return found == hooks_.end() ? std::nullopt : std::optional(workflows_.at(found->second).brand);
}

// ---- changes of the workflow itself

base::awaitable<void> WorkflowStore::add(std::string who, Workflow workflow) {
  // Taken before anything is awaited, so that nobody else gets the same number.
  workflow.no = workflows_.empty() ? 1 : workflows_.rbegin()->first + 1;
  Workflow& reserved = workflows_[workflow.no];
  reserved = workflow;
  reserved.removed = true;
  base::sql::Batch batch{
      {R"sql(INSERT INTO workflow (no, brand, id, project, name, creator, enabled, version_no, hook, file)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))sql",
       {workflow.no, workflow.brand.no, workflow.id, workflow.project, workflow.name, workflow.creator,
        std::int64_t{workflow.enabled}, workflow.version_no, workflow.hook, workflow.file}}};
  AuditEntry entry = entry_about(std::move(who), "workflow.added", workflow);
  co_await audit_.commit(workflow.brand, std::move(entry), std::move(batch), false);
  reserved.removed = false;
  hooks_.emplace(workflow.hook, workflow.no);
}

base::awaitable<void> WorkflowStore::set_enabled(std::string who, std::int64_t no, bool enabled) {
  Workflow& workflow = workflows_.at(no);
  base::sql::Batch batch{{R"sql(UPDATE workflow SET enabled = $3 WHERE brand = $1 AND no = $2)sql",
                          {workflow.brand.no, no, std::int64_t{enabled}}}};
  AuditEntry entry = entry_about(std::move(who), enabled ? "workflow.enabled" : "workflow.disabled", workflow);
  co_await audit_.commit(workflow.brand, std::move(entry), std::move(batch), false);
  workflow.enabled = enabled;
}

base::awaitable<void> WorkflowStore::rename(std::string who, std::int64_t no, std::string name) {
  Workflow& workflow = workflows_.at(no);
  base::sql::Batch batch{
      {R"sql(UPDATE workflow SET name = $3 WHERE brand = $1 AND no = $2)sql", {workflow.brand.no, no, name}}};
  AuditEntry entry = entry_about(std::move(who), "workflow.renamed", workflow);
  co_await audit_.commit(workflow.brand, std::move(entry), std::move(batch), false);
  workflow.name = std::move(name);
}

base::awaitable<std::int64_t> WorkflowStore::remove(std::string who, std::int64_t no) {
  Workflow& workflow = workflows_.at(no);
  const Fact ended = end_of_run(RunState::cancelled, clock_.now(), "its workflow has been removed");
  const std::int64_t now = base::to_millis(clock_.now());
  base::sql::Batch batch{
      {R"sql(UPDATE workflow SET removed = 1, enabled = 0 WHERE brand = $1 AND no = $2)sql", {workflow.brand.no, no}},
      {R"sql(INSERT INTO log (run, seq, facts)
             SELECT r.no, coalesce((SELECT max(seq) FROM log WHERE run = r.no), 0) + 1, $3 FROM run r
             WHERE r.brand = $1 AND r.workflow = $2 AND r.state IN ('held', 'queued'))sql",
       {workflow.brand.no, no, to_json(std::span(&ended, 1))}},
      {R"sql(DELETE FROM run_wait WHERE brand = $1
               AND run IN (SELECT no FROM run WHERE brand = $1 AND workflow = $2 AND state IN ('held', 'queued')))sql",
       {workflow.brand.no, no}},
      {R"sql(DELETE FROM run_cause WHERE brand = $1
               AND run IN (SELECT no FROM run WHERE brand = $1 AND workflow = $2 AND state IN ('held', 'queued')))sql",
       {workflow.brand.no, no}},
      {R"sql(UPDATE run SET state = 'cancelled', code = $4, ended_at = $3, due_at = NULL
             WHERE brand = $1 AND workflow = $2 AND state IN ('held', 'queued'))sql",
       {workflow.brand.no, no, now, std::string(workflow_removed.name)}}};
  AuditEntry entry = entry_about(std::move(who), "workflow.removed", workflow);
  const std::vector<base::sql::Outcome> outcomes =
      co_await audit_.commit(workflow.brand, std::move(entry), std::move(batch), true);
  workflow.removed = true;
  workflow.enabled = false;
  for (auto [at, end] = hooks_.equal_range(workflow.hook); at != end;) {
    at = at->second == no ? hooks_.erase(at) : std::next(at);
  }
  co_return outcomes.back().changes;
}

// ---- versions

// A workflow that was never renamed goes by its document's name.
std::string WorkflowStore::name_under(const Workflow& workflow, const WorkflowDefinition& definition) const {
  const std::shared_ptr<LiveVersion> live = version_at_hand(workflow.version_no);
  const bool was_renamed = live && workflow.name != live->definition.name;
  return was_renamed ? workflow.name : definition.name;
}

void WorkflowStore::make_live(std::int64_t no, std::shared_ptr<LiveVersion> version, const std::string& name) {
  Workflow& workflow = workflows_.at(no);
  workflow.version_no = version->no;
  workflow.name = name;
  versions_[version->no] = std::move(version);
}

base::awaitable<bool> WorkflowStore::publish(std::string who, std::int64_t no, WorkflowDefinition definition) {
  const Workflow& workflow = workflows_.at(no);
  const std::shared_ptr<LiveVersion> live = co_await version(workflow.version_no);
  if (live && live->definition.fingerprint == definition.fingerprint) co_return false;
  const int number = co_await next_number(no);
  AuditEntry entry = entry_about(who, "workflow.published", workflow);
  NewVersion next{.definition = std::move(definition), .author = std::move(who)};
  const std::int64_t expected = workflow.version_no;
  co_return co_await publish_on(std::move(entry), no, expected, number, std::move(next), {}) != nullptr;
}

base::awaitable<int> WorkflowStore::next_number(std::int64_t no) {
  const Workflow& workflow = workflows_.at(no);
  Statement newest{R"sql(SELECT coalesce(max(number), 0) FROM workflow_version WHERE brand = $1 AND workflow = $2)sql",
                   {workflow.brand.no, no}};
  const base::sql::Rows rows = co_await database_.read(std::move(newest));
  co_return static_cast<int>(rows.front().integer(0)) + 1;
}

base::awaitable<std::shared_ptr<LiveVersion>> WorkflowStore::publish_on(AuditEntry entry, std::int64_t no,
                                                                        std::int64_t expected, int number,
                                                                        NewVersion version, base::sql::Batch also) {
  const Workflow workflow = workflows_.at(no);
  co_await this->version(workflow.version_no);  // name_under() looks at it
  auto next = std::make_shared<LiveVersion>();
  next->no = ++last_version_no_;
  next->number = number;
  next->workflow_no = no;
  const std::string name = name_under(workflow, version.definition);
  const Statement insert = insert_version(workflow, next->no, number, VersionKind::live, 0, version, clock_.now());
  const Statement move = move_live(workflow, expected, next->no, name);
  AuditLog::Change change = [&](Connection& sql) {
    // Of two that push at once the second one must not count what it has not seen.
    if (newest_number(sql, workflow) + 1 != number || sql.execute(move).changes != 1) return false;
    sql.execute(insert);
    for (const Statement& statement : also) sql.execute(statement);
    return true;
  };
  const bool stands = co_await audit_.commit_if(workflow.brand, std::move(entry), change);
  if (!stands) co_return nullptr;
  next->definition = std::move(version.definition);
  make_live(no, next, name);
  co_return next;
}

base::awaitable<int> WorkflowStore::propose(AuditEntry entry, std::int64_t no, int base, NewVersion version,
                                            base::sql::Batch also) {
  const Workflow workflow = workflows_.at(no);
  const std::int64_t version_no = ++last_version_no_;
  int number = 0;
  AuditLog::Change change = [&](Connection& sql) {
    number = static_cast<int>(newest_number(sql, workflow)) + 1;
    sql.execute(insert_version(workflow, version_no, number, VersionKind::draft, base, version, clock_.now()));
    for (const Statement& statement : also) sql.execute(statement);
    return true;
  };
  co_await audit_.commit_if(workflow.brand, std::move(entry), change, false);
  co_return number;
}

base::awaitable<bool> WorkflowStore::adopt_draft(AuditEntry entry, std::int64_t no, std::int64_t expected,
                                                 VersionRecord draft, base::sql::Batch also) {
  const Workflow workflow = workflows_.at(no);
  std::shared_ptr<LiveVersion> next = co_await version(draft.no);
  if (!next) co_return false;
  co_await version(workflow.version_no);
  const std::string name = name_under(workflow, next->definition);
  const Statement decision = decide(workflow, draft, "adopted", entry.who, clock_.now());
  const Statement move = move_live(workflow, expected, draft.no, name);
  AuditLog::Change change = [&](Connection& sql) {
    if (sql.execute(move).changes != 1 || sql.execute(decision).changes != 1) return false;
    for (const Statement& statement : also) sql.execute(statement);
    return true;
  };
  const bool stands = co_await audit_.commit_if(workflow.brand, std::move(entry), change);
  if (stands) make_live(no, std::move(next), name);
  co_return stands;
}

base::awaitable<bool> WorkflowStore::decline_draft(AuditEntry entry, std::int64_t no, VersionRecord draft,
                                                   base::sql::Batch also) {
  const Workflow& workflow = workflows_.at(no);
  const BrandId brand = workflow.brand;
  const Statement decision = decide(workflow, draft, "declined", entry.who, clock_.now());
  AuditLog::Change change = [&](Connection& sql) {
    if (sql.execute(decision).changes != 1) return false;
    for (const Statement& statement : also) sql.execute(statement);
    return true;
  };
  co_return co_await audit_.commit_if(brand, std::move(entry), change, false);
}

base::sql::Statement WorkflowStore::put_adoption(const Workflow& workflow, const std::string& who) const {
  return {R"sql(UPDATE workflow_version SET decision = 'adopted', decided_by = $3, decided_at = $4
                WHERE brand = $1 AND no = $2)sql",
          {workflow.brand.no, workflow.version_no, who, base::to_millis(clock_.now())}};
}

base::sql::Statement WorkflowStore::put_creator(const Workflow& workflow, const std::string& creator) {
  return {R"sql(UPDATE workflow SET creator = $3 WHERE brand = $1 AND no = $2)sql",
          {workflow.brand.no, workflow.no, creator}};
}

void WorkflowStore::creator_is(std::int64_t no, const std::string& creator) { workflows_.at(no).creator = creator; }

// ---- reading

std::shared_ptr<LiveVersion> WorkflowStore::version_at_hand(std::int64_t version_no) const {
  auto found = versions_.find(version_no);
  return found == versions_.end() ? nullptr : found->second;
}

base::awaitable<std::shared_ptr<LiveVersion>> WorkflowStore::version(std::int64_t version_no) {
  if (auto at_hand = version_at_hand(version_no)) co_return at_hand;
  Statement stored{
      R"sql(SELECT v.workflow, v.number, v.document FROM workflow_version v JOIN workflow w ON w.no = v.workflow AND w.brand = v.brand
            WHERE v.no = $1)sql",
      {version_no}};
  const base::sql::Rows rows = co_await database_.read(std::move(stored));
  if (rows.empty()) co_return nullptr;
  DefinitionCheck check = check_definition(base::JsonDocument::read(rows.front().text(2), "stored version"), catalog_);
  if (!check.definition) co_return nullptr;
  auto live = std::make_shared<LiveVersion>();
  live->no = version_no;
  live->workflow_no = rows.front().integer(0);
  live->number = static_cast<int>(rows.front().integer(1));
  live->definition = std::move(*check.definition);
  versions_[version_no] = live;
  co_return live;
}

base::awaitable<std::vector<VersionRecord>> WorkflowStore::versions(BrandId brand, std::int64_t workflow_no) {
  Statement stored{
      R"sql(SELECT no, number, kind, author, message, created_at, base, decision, decided_by, decided_at, fingerprint
                         FROM workflow_version WHERE brand = $1 AND workflow = $2 ORDER BY number DESC)sql",
      {brand.no, workflow_no}};
  std::vector<VersionRecord> versions;
  for (const Row& row : co_await database_.read(std::move(stored))) versions.push_back(version_from_row(row));
  co_return versions;
}

base::awaitable<std::optional<VersionRecord>> WorkflowStore::version_numbered(BrandId brand, std::int64_t workflow_no,
                                                                              int number) {
  Statement stored{
      R"sql(SELECT no, number, kind, author, message, created_at, base, decision, decided_by, decided_at, fingerprint
                         FROM workflow_version WHERE brand = $1 AND workflow = $2 AND number = $3)sql",
      {brand.no, workflow_no, std::int64_t{number}}};
  const base::sql::Rows rows = co_await database_.read(std::move(stored));
  co_return rows.empty() ? std::nullopt : std::optional(version_from_row(rows.front()));
}

base::awaitable<std::string> WorkflowStore::source(BrandId brand, std::int64_t version_no) {
  Statement stored{R"sql(SELECT source, document FROM workflow_version WHERE brand = $1 AND no = $2)sql",
                   {brand.no, version_no}};
  const base::sql::Rows rows = co_await database_.read(std::move(stored));
  if (rows.empty()) co_return "";
  co_return rows.front().text(0).empty() ? rows.front().text(1) : rows.front().text(0);
}

}  // namespace engine
