#include "engine/workflow_store.hpp"

#include "base/json_document.hpp"

namespace engine {

base::awaitable<void> WorkflowStore::load() {
  workflows_.clear();
  hooks_.clear();
  base::sql::Statement all_workflows{
      R"sql(SELECT no, brand, id, project, name, creator, enabled, version_no, hook, file FROM workflow ORDER BY brand, no)sql"};
  for (const base::sql::Row& row : co_await database_.read(std::move(all_workflows))) {
    Workflow workflow{row.integer(0), {row.integer(1)},    row.text(2),    row.text(3), row.text(4),
                      row.text(5),    row.integer(6) != 0, row.integer(7), row.text(8), row.text(9)};
    hooks_.emplace(workflow.hook, workflow.no);
    workflows_[workflow.no] = std::move(workflow);
  }
  base::sql::Statement newest{R"sql(SELECT coalesce(max(no), 0) FROM workflow_version WHERE brand > 0)sql"};
  const base::sql::Rows rows = co_await database_.read(std::move(newest));
  last_version_no_ = rows.front().integer(0);
}

const Workflow* WorkflowStore::find(std::int64_t no) const {
  auto found = workflows_.find(no);
  return found == workflows_.end() ? nullptr : &found->second;
}

const Workflow* WorkflowStore::find(BrandId brand, std::string_view id) const {
  for (const auto& [no, workflow] : workflows_) {
    if (workflow.brand == brand && workflow.id == id) return &workflow;
  }
  return nullptr;
}

std::vector<const Workflow*> WorkflowStore::all(BrandId brand) const {
  std::vector<const Workflow*> list;
  for (const auto& [no, workflow] : workflows_) {
    if (workflow.brand == brand) list.push_back(&workflow);
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

base::awaitable<void> WorkflowStore::add(Workflow workflow) {
  workflow.no = workflows_.empty() ? 1 : workflows_.rbegin()->first + 1;
  base::sql::Batch batch{
      {R"sql(INSERT INTO workflow (no, brand, id, project, name, creator, enabled, version_no, hook, file)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))sql",
       {workflow.no, workflow.brand.no, workflow.id, workflow.project, workflow.name, workflow.creator,
        std::int64_t{workflow.enabled}, workflow.version_no, workflow.hook, workflow.file}}};
  co_await database_.apply(std::move(batch));
  hooks_.emplace(workflow.hook, workflow.no);
  workflows_[workflow.no] = std::move(workflow);
}

base::awaitable<void> WorkflowStore::set_enabled(std::int64_t no, bool enabled) {
  Workflow& workflow = workflows_.at(no);
  base::sql::Batch batch{{R"sql(UPDATE workflow SET enabled = $3 WHERE brand = $1 AND no = $2)sql",
                          {workflow.brand.no, no, std::int64_t{enabled}}}};
  co_await database_.apply(std::move(batch));
  workflow.enabled = enabled;
}

base::awaitable<bool> WorkflowStore::publish(std::int64_t no, WorkflowDefinition definition, std::string author) {
  Workflow& workflow = workflows_.at(no);
  std::shared_ptr<LiveVersion> live = co_await version(workflow.version_no);
  if (live && live->definition.fingerprint == definition.fingerprint) co_return false;
  auto next = std::make_shared<LiveVersion>();
  next->no = ++last_version_no_;
  next->workflow_no = no;
  next->definition = std::move(definition);
  base::sql::Batch batch{
      {R"sql(INSERT INTO workflow_version (no, brand, workflow, number, fingerprint, document, author, created_at)
             SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7 FROM workflow_version WHERE brand = $2 AND workflow = $3
             RETURNING number)sql",
       {next->no, workflow.brand.no, no, next->definition.fingerprint, next->definition.document.text, author,
        base::to_millis(clock_.now())}},
      {R"sql(UPDATE workflow SET version_no = $3, name = $4 WHERE brand = $1 AND no = $2)sql",
       {workflow.brand.no, no, next->no, next->definition.name}}};
  const std::vector<base::sql::Outcome> outcomes = co_await database_.apply(std::move(batch));
  next->number = static_cast<int>(outcomes.front().rows.at(0).integer(0));
  workflow.version_no = next->no;
  workflow.name = next->definition.name;
  versions_[next->no] = std::move(next);
  co_return true;
}

std::shared_ptr<LiveVersion> WorkflowStore::version_at_hand(std::int64_t version_no) const {
  auto found = versions_.find(version_no);
  return found == versions_.end() ? nullptr : found->second;
}

base::awaitable<std::shared_ptr<LiveVersion>> WorkflowStore::version(std::int64_t version_no) {
  if (auto at_hand = version_at_hand(version_no)) co_return at_hand;
  base::sql::Statement stored{
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

}  // namespace engine
