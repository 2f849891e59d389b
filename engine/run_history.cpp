#include "engine/run_history.hpp"

#include <map>
#include <stdexcept>

#include "engine/errors.hpp"
#include "engine/run_id.hpp"

namespace engine {
namespace {

RunRow read_run_row(const base::sql::Row& row) {
  RunRow run;
  run.no = row.integer(0);
  run.event_id = "evt_" + row.text(1);
  run.dedup_key = row.text(2);
  run.hook = row.text(3);
  run.workflow_no = row.integer(4);
  run.workflow_id = row.text(5);
  run.workflow_name = row.text(6);
  run.version_no = row.integer(7);
  run.version = static_cast<int>(row.integer(8));
  run.replay = static_cast<int>(row.integer(9));
  run.state = read_run_state(row.text(10)).value_or(RunState::queued);
  run.code = row.text(11);
  run.project = row.text(12);
  run.owner = row.text(13);
  run.creator = row.text(14);
  run.auth_epoch = row.integer(15);
  if (!row.is_null(16)) run.due_at = base::from_millis(row.integer(16));
  run.received_at = base::from_millis(row.integer(17));
  if (!row.is_null(18)) run.ended_at = base::from_millis(row.integer(18));
  run.id = run_id(row.text(1), run.workflow_id, run.replay);
  if (row.is_null(19)) return run;
  run.parent_no = row.integer(19);
  run.parent = run.id;
  run.task = row.text(20);
  run.item = static_cast<int>(row.integer(21));
  run.id = item_run_id(run.parent, run.task, run.item);
  return run;
}

std::int64_t& count_of(RunItems& items, RunState state) {
  switch (state) {
    case RunState::succeeded: return items.succeeded;
    case RunState::failed: return items.failed;
    case RunState::cancelled: return items.cancelled;
    case RunState::running: return items.running;
    case RunState::held: return items.held;
    case RunState::queued: break;
  }
  return items.queued;
}

}  // namespace

std::string project_words(const std::optional<std::vector<std::string>>& projects) {
  if (!projects) return "*";
  std::string words = " ";
  for (const std::string& id : *projects) words += id + " ";
  return words;
}

base::awaitable<std::vector<RunRow>> RunHistory::list(BrandId brand, RunFilter filter) {
  const bool shows_children = filter.shows_children || filter.state == RunState::held || !filter.cause.empty();
  base::sql::Statement page{
      R"sql(SELECT r.no, e.hash, e.dedup_key, e.source, r.workflow, w.id, w.name, r.version_no, v.number, r.replay, r.state, r.code,
                   r.project, r.owner, r.creator, r.auth_epoch, r.due_at, e.received_at, r.ended_at, r.parent, r.task, r.item,
                   coalesce(why.id, ''), coalesce(why.message, '')
            FROM run r JOIN trigger_event e ON e.no = r.event JOIN workflow w ON w.no = r.workflow
            JOIN workflow_version v ON v.no = r.version_no
            LEFT JOIN run_cause u ON u.run = r.no AND u.task =
                (SELECT m.task FROM run_cause m JOIN cause c ON c.no = m.cause WHERE m.run = r.no AND m.brand = r.brand
                   AND ((m.state = 'failed' AND r.state = 'failed') OR (m.state = 'held' AND r.ended_at IS NULL))
                 ORDER BY CASE c.id WHEN $8 THEN 0 ELSE 1 END, m.task LIMIT 1)
            LEFT JOIN cause why ON why.no = u.cause
            WHERE r.brand = $1 AND ($3 = '' OR w.id = $3) AND ($4 = 0 OR r.no < $4)
              AND ($2 = '' OR $2 = CASE WHEN r.state = 'queued' AND r.due_at IS NULL AND r.parent IS NULL
                  AND EXISTS (SELECT 1 FROM run c WHERE c.parent = r.no AND c.ended_at IS NULL)
                  AND NOT EXISTS (SELECT 1 FROM run c WHERE c.parent = r.no AND c.ended_at IS NULL AND c.state <> 'held')
                  THEN 'held' ELSE r.state END)
              AND ($6 = '*' OR $6 LIKE '% ' || r.project || ' %') AND ($7 = 1 OR r.parent IS NULL)
              AND ($8 = '' OR why.id = $8)
            ORDER BY r.no DESC LIMIT $5)sql",
      {brand.no, filter.state ? std::string(to_string(*filter.state)) : std::string(), filter.workflow, filter.before,
       std::int64_t{filter.limit}, project_words(filter.projects), std::int64_t{shows_children ? 1 : 0}, filter.cause}};
  std::vector<RunRow> runs;
  for (const base::sql::Row& row : co_await database_.read(std::move(page))) {
    runs.push_back(read_run_row(row));
    runs.back().cause = row.text(22);
    runs.back().cause_message = row.text(23);
  }
  co_await count_items(brand, runs);
  co_return runs;
}

// One question for all of them, over the stretch in which they lie.
base::awaitable<void> RunHistory::count_items(BrandId brand, std::span<RunRow> runs) {
  std::map<std::int64_t, RunRow*> waiting;
  for (RunRow& run : runs)
    if (run.state == RunState::queued && !run.due_at && run.parent_no == 0) waiting[run.no] = &run;
  if (waiting.empty()) co_return;
  base::sql::Statement by_state{
      R"sql(SELECT p.no, r.state, count(*),
                   coalesce((SELECT c.code FROM run c WHERE c.parent = p.no AND c.ended_at IS NULL AND c.state = r.state
                             ORDER BY c.no LIMIT 1), '')
            FROM run p JOIN run r ON r.parent = p.no
            WHERE p.brand = $1 AND p.no BETWEEN $2 AND $3 AND p.state = 'queued' AND p.due_at IS NULL
            GROUP BY p.no, r.state)sql",
      {brand.no, waiting.begin()->first, waiting.rbegin()->first}};
  std::map<std::int64_t, std::string> held_with;  // the code of the first item that is
  for (const base::sql::Row& row : co_await database_.read(std::move(by_state))) {
    const auto found = waiting.find(row.integer(0));
    if (found == waiting.end()) continue;
    RunRow& run = *found->second;
    if (!run.items) run.items.emplace();
    const RunState state = read_run_state(row.text(1)).value_or(RunState::queued);
    count_of(*run.items, state) = row.integer(2);
    if (state == RunState::held) held_with[run.no] = row.text(3);
  }
  for (auto& [no, code] : held_with) {
    RunRow& run = *waiting.at(no);
    if (run.items->held < run.items->open()) continue;
    run.state = RunState::held;
    run.code = std::move(code);
  }
}

base::awaitable<std::vector<RunRow>> RunHistory::children(BrandId brand, std::int64_t run_no) {
  base::sql::Statement of_parent{
      R"sql(SELECT r.no, e.hash, e.dedup_key, e.source, r.workflow, w.id, w.name, r.version_no, v.number, r.replay, r.state, r.code,
                   r.project, r.owner, r.creator, r.auth_epoch, r.due_at, e.received_at, r.ended_at, r.parent, r.task, r.item
            FROM run r JOIN trigger_event e ON e.no = r.event JOIN workflow w ON w.no = r.workflow
            JOIN workflow_version v ON v.no = r.version_no
            WHERE r.brand = $1 AND r.parent = $2 ORDER BY r.no)sql",
      {brand.no, run_no}};
  std::vector<RunRow> runs;
  for (const base::sql::Row& row : co_await database_.read(std::move(of_parent))) runs.push_back(read_run_row(row));
  co_return runs;
}

base::awaitable<std::vector<RunRow>> RunHistory::runs_of_event(BrandId brand, std::string hash) {
  base::sql::Statement of_event{
      R"sql(SELECT r.no, e.hash, e.dedup_key, e.source, r.workflow, w.id, w.name, r.version_no, v.number, r.replay, r.state, r.code,
                   r.project, r.owner, r.creator, r.auth_epoch, r.due_at, e.received_at, r.ended_at, r.parent, r.task, r.item
            FROM trigger_event e JOIN run r ON r.event = e.no AND r.parent IS NULL JOIN workflow w ON w.no = r.workflow
            JOIN workflow_version v ON v.no = r.version_no
            WHERE e.brand = $1 AND e.hash = $2 ORDER BY r.no)sql",
      {brand.no, std::move(hash)}};
  std::vector<RunRow> runs;
  for (const base::sql::Row& row : co_await database_.read(std::move(of_event))) runs.push_back(read_run_row(row));
  co_return runs;
}

base::awaitable<std::vector<RunRow>> RunHistory::replays(BrandId brand, RunRow run) {
  const std::optional<std::string> hash = event_hash_of(run.id);
  std::vector<RunRow> runs = co_await runs_of_event(brand, hash.value_or(""));
  std::erase_if(runs, [&](const RunRow& other) { return other.workflow_no != run.workflow_no; });
  co_return runs;
}

base::awaitable<std::optional<RunRow>> RunHistory::find(BrandId brand, std::string id) {
  const std::optional<ItemRunId> of_item = read_item_run_id(id);
  const std::string root = of_item ? of_item->parent : id;
  const std::optional<std::string> hash = event_hash_of(root);
  if (!hash) co_return std::nullopt;
  std::optional<RunRow> found;
  for (RunRow& run : co_await runs_of_event(brand, *hash)) {
    if (run.id == root) found = std::move(run);
  }
  if (found && !of_item) co_await count_items(brand, std::span(&*found, 1));
  if (!found || !of_item) co_return found;
  std::vector<RunRow> siblings = co_await children(brand, found->no);
  found.reset();
  for (RunRow& child : siblings) {
    if (child.id == id) found = std::move(child);
  }
  co_return found;
}

base::awaitable<std::vector<Fact>> RunHistory::facts(BrandId brand, std::int64_t run_no) {
  base::sql::Statement log{
      R"sql(SELECT l.facts FROM log l JOIN run r ON r.no = l.run WHERE r.brand = $1 AND l.run = $2 ORDER BY l.seq)sql",
      {brand.no, run_no}};
  std::vector<Fact> all;
  for (const base::sql::Row& row : co_await database_.read(std::move(log))) {
    base::Result<std::vector<Fact>> facts = read_facts(row.text(0));
    if (!facts) throw std::runtime_error("a log row cannot be read: " + facts.error().message);
    all.insert(all.end(), facts->begin(), facts->end());
  }
  co_return all;
}

base::awaitable<std::string> RunHistory::response(BrandId brand, std::int64_t run_no) {
  for (const Fact& fact : co_await facts(brand, run_no))
    if (fact.what == What::fetched) co_return fact.content.text;
  base::sql::Statement of_event{
      R"sql(SELECT e.content, e.body FROM trigger_event e JOIN run r ON r.event = e.no WHERE r.brand = $1 AND r.no = $2)sql",
      {brand.no, run_no}};
  for (const base::sql::Row& row : co_await database_.read(std::move(of_event)))
    if (row.text(0) != "notice") co_return row.text(1);
  co_return std::string();
}

base::awaitable<std::vector<EventWithoutRun>> RunHistory::not_started(
    BrandId brand, int limit, std::optional<std::vector<std::string>> projects) {
  base::sql::Statement newest{
      R"sql(SELECT e.hash, e.source, e.dedup_key, coalesce(w.name, ''), n.code, n.message, n.at
            FROM not_started n JOIN trigger_event e ON e.no = n.event LEFT JOIN workflow w ON w.no = n.workflow
            WHERE n.brand = $1 AND ($4 = '*' OR $4 LIKE '% ' || w.project || ' %')
            UNION ALL
            SELECT e.hash, e.source, e.dedup_key, w.name, r.code, 'the trigger''s condition does not hold', r.ended_at
            FROM run r JOIN trigger_event e ON e.no = r.event JOIN workflow w ON w.no = r.workflow
            WHERE r.brand = $1 AND r.state = 'cancelled' AND r.code = $3
              AND ($4 = '*' OR $4 LIKE '% ' || r.project || ' %')
            ORDER BY 7 DESC LIMIT $2)sql",
      {brand.no, std::int64_t{limit}, std::string(trigger_condition_false.name), project_words(projects)}};
  std::vector<EventWithoutRun> events;
  for (const base::sql::Row& row : co_await database_.read(std::move(newest))) {
    events.push_back({"evt_" + row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5),
                      base::from_millis(row.integer(6))});
  }
  co_return events;
}

base::awaitable<WaitingRuns> RunHistory::waiting_runs(BrandId brand, std::vector<std::int64_t> workflows) {
  WaitingRuns waiting;
  for (const std::int64_t workflow : workflows) {
    base::sql::Statement counts{R"sql(SELECT state, count(*) FROM run
                                      WHERE brand = $1 AND workflow = $2 AND state IN ('held', 'queued') GROUP BY state)sql",
                                {brand.no, workflow}};
    for (const base::sql::Row& row : co_await database_.read(std::move(counts)))
      (row.text(0) == "held" ? waiting.held : waiting.queued) += row.integer(1);
  }
  co_return waiting;
}

base::awaitable<std::vector<RunHistory::StateCount>> RunHistory::open_runs() {
  // Each from an index of its own: runs that are over are never looked at.
  base::sql::Statement counts{R"sql(SELECT 'queued', count(*) FROM run WHERE due_at IS NOT NULL AND brand > 0
                                    UNION ALL SELECT 'running', count(*) FROM run WHERE worker <> '' AND brand > 0
                                    UNION ALL SELECT 'held', count(*) FROM run WHERE state = 'held' AND brand > 0 AND no IN (SELECT run FROM run_wait))sql"};
  std::vector<StateCount> all;
  for (const base::sql::Row& row : co_await database_.read(std::move(counts)))
    all.push_back({row.text(0), row.integer(1)});
  co_return all;
}

}  // namespace engine
