#include "engine/run_queue.hpp"

#include "base/crash_point.hpp"
#include "engine/cause_rows.hpp"
#include "engine/errors.hpp"
#include "engine/run_id.hpp"
#include "engine/step_rows.hpp"

namespace engine {
namespace {

using base::sql::Batch;
using base::sql::Null;
using base::sql::Statement;

std::string_view content_word(EventContent content) { return content == EventContent::notice ? "notice" : "whole"; }

Statement insert_event(BrandId brand, std::int64_t event_no, const std::string& hash, const TriggerEvent& event) {
  return {R"sql(INSERT INTO trigger_event (no, brand, hash, source, dedup_key, content, body, received_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (brand, hash) DO NOTHING)sql",
          {event_no, brand.no, hash, event.source, event.dedup_key, std::string(content_word(event.content)),
           event.body, base::to_millis(event.received_at)}};
}

// Written only where the event just was: for a repeated delivery the select finds nothing.
Statement insert_run(BrandId brand, std::int64_t event_no, const NewRun& run, const std::string& worker,
                     base::TimePoint now) {
  const bool leased = !run.lease.empty();
  return {R"sql(INSERT INTO run (no, brand, event, workflow, version_no, replay, root, state, due_at, lease, worker,
                                 project, owner, creator, auth_epoch, started_at)
                SELECT $1, brand, no, $4, $5, 0, $1, $6, $7, $8, $9, $10, $11, $12, $13, $14
                FROM trigger_event WHERE brand = $2 AND no = $3)sql",
          {run.no, brand.no, event_no, run.workflow_no, run.version_no, std::string(leased ? "running" : "queued"),
           leased ? base::sql::Value(Null{}) : base::sql::Value(base::to_millis(now)), run.lease,
           leased ? worker : std::string(), run.ownership.project, run.ownership.owner, run.ownership.creator,
           run.ownership.epoch, base::to_millis(now)}};
}

Statement insert_first_facts(const NewRun& run, BrandId brand) {
  return {R"sql(INSERT INTO log (run, seq, facts)
                SELECT r.no, 1, $3 FROM run r JOIN brand b ON b.no = r.brand
                WHERE r.no = $1 AND r.lease = $2 AND r.brand = $5 AND b.auth_epoch = $4)sql",
          {run.no, run.lease, run.facts, run.ownership.epoch, brand.no}};
}

Statement insert_not_started(BrandId brand, std::int64_t event_no, const NotStarted& reason, base::TimePoint now) {
  return {
      R"sql(INSERT INTO not_started (brand, event, workflow, code, message, at)
                SELECT brand, no, $3, $4, $5, $6 FROM trigger_event WHERE brand = $1 AND no = $2)sql",
      {brand.no, event_no, reason.workflow_no, std::string(reason.code.name), reason.message, base::to_millis(now)}};
}

std::vector<std::string> log_rows(base::sql::Connection& sql, BrandId brand, std::int64_t run_no) {
  const Statement log{
      R"sql(SELECT l.facts FROM log l JOIN run r ON r.no = l.run WHERE r.brand = $1 AND l.run = $2 ORDER BY l.seq)sql",
      {brand.no, run_no}};
  std::vector<std::string> rows;
  for (const base::sql::Row& row : sql.execute(log).rows) rows.push_back(row.text(0));
  return rows;
}

// Identity alone, as `claim` asks for it.
ClaimedRun read_claimed(const base::sql::Row& row) {
  ClaimedRun one;
  Run& run = one.run;
  run.no = row.integer(0);
  run.brand = {row.integer(1)};
  run.event_no = row.integer(2);
  run.workflow_no = row.integer(3);
  run.version_no = row.integer(4);
  run.replay = static_cast<int>(row.integer(5));
  run.id = run_id(row.text(6), row.text(7), run.replay);
  run.effect_root = run_id(row.text(6), row.text(7), 0);
  run.state = RunState::running;
  one.content = row.text(8) == "notice" ? EventContent::notice : EventContent::whole;
  one.body = row.text(9);
  one.cancel_requested = row.integer(10) != 0;
  if (row.is_null(11)) return one;
  run.item = ItemOfRun{.parent = row.integer(11), .task_id = row.text(12), .number = static_cast<int>(row.integer(13))};
  run.id = item_run_id(run.id, run.item->task_id, run.item->number);
  return one;
}

// The take-over's own row, in the transaction that changes the lease: whoever held the run before can write at no seq
// that we read past.
void take_over_log(base::sql::Connection& sql, ClaimedRun& one, base::TimePoint now) {
  Run& run = one.run;
  for (const base::sql::Row& entry :
       sql.execute({R"sql(SELECT seq, facts FROM log WHERE run = $1 ORDER BY seq)sql", {run.no}}).rows) {
    run.seq = static_cast<int>(entry.integer(0));
    one.log.push_back(entry.text(1));
  }
  if (run.seq == 0) return;
  const Fact taken{.what = What::taken, .at = now};
  one.log.push_back(to_json(std::span(&taken, 1)));
  sql.execute({R"sql(INSERT INTO log (run, seq, facts) VALUES ($1, $2, $3))sql",
               {run.no, std::int64_t{++run.seq}, one.log.back()}});
}

// What a child run's row and the last of its log say of its end.
ItemEnd read_item_end(const base::sql::Row& row) {
  ItemEnd end{.number = static_cast<int>(row.integer(0)), .code = row.text(2)};
  end.state = read_run_state(row.text(1)).value_or(RunState::failed);
  if (row.is_null(4)) return end;
  const base::Result<std::vector<Fact>> facts = read_facts(row.text(4));
  if (!facts) return end;
  for (const Fact& fact : *facts) {
    if (fact.what == What::done) end.output = fact.content;
    if (fact.what == What::failed || fact.what == What::ended) end.message = fact.message;
  }
  return end;
}

}  // namespace

std::optional<StepOfItem> step_of_item(const Run& run) {
  if (!run.item) return std::nullopt;
  return StepOfItem{run.item->parent, run.item->task_id};
}

base::awaitable<std::int64_t> RunQueue::open(std::string worker) {
  worker_ = std::move(worker);
  Statement numbers{R"sql(SELECT (SELECT coalesce(max(no), 0) FROM trigger_event WHERE brand > 0),
                                 (SELECT coalesce(max(no), 0) FROM run WHERE brand > 0))sql"};
  const base::sql::Rows rows = co_await database_.read(std::move(numbers));
  last_event_no_ = rows.front().integer(0);
  last_run_no_ = rows.front().integer(1);
  // The file has one owner: whatever is still leased belongs to a program that is gone.
  Batch batch{{R"sql(UPDATE run SET state = 'queued', due_at = started_at, lease = '', worker = ''
                     WHERE worker <> '' AND state = 'running' AND brand > 0)sql"}};
  // A program that died between a change and the lifting of its key has left runs waiting for what is there already:
  // all of them ask the gate again. What a person must decide still waits for the person.
  batch.push_back({R"sql(UPDATE run SET state = 'queued', due_at = started_at
                         WHERE ((state = 'held' AND code <> 'outcome_unclear') OR (state = 'queued' AND due_at IS NULL))
                           AND brand > 0
                           AND no IN (SELECT run FROM run_wait))sql"});
  batch.push_back({R"sql(DELETE FROM run_wait WHERE brand > 0
                           AND run IN (SELECT w.run FROM run_wait w JOIN run r ON r.no = w.run WHERE r.state IN ('succeeded', 'failed', 'cancelled')))sql"});
  const std::vector<base::sql::Outcome> outcomes = co_await database_.apply(std::move(batch));
  co_return outcomes.front().changes;
}

base::awaitable<RunQueue::Accepted> RunQueue::accept(BrandId brand, std::int64_t event_no, std::string hash,
                                                     const TriggerEvent& event, std::vector<NewRun> runs,
                                                     std::vector<NotStarted> not_started) {
  const base::TimePoint now = clock_.now();
  Batch batch{insert_event(brand, event_no, hash, event)};
  std::vector<std::optional<std::size_t>> facts_at;
  for (const NewRun& run : runs) {
    batch.push_back(insert_run(brand, event_no, run, worker_, now));
    facts_at.push_back(run.facts.empty() ? std::nullopt : std::optional(batch.size()));
    if (!run.facts.empty()) batch.push_back(insert_first_facts(run, brand));
  }
  for (const NotStarted& reason : not_started) batch.push_back(insert_not_started(brand, event_no, reason, now));

  base::crash_point("intake.before_commit");
  const std::vector<base::sql::Outcome> outcomes = co_await database_.apply(std::move(batch));
  base::crash_point("intake.after_commit");
  Accepted accepted{.is_new = outcomes.front().changes == 1, .facts_written = {}};
  for (const std::optional<std::size_t>& at : facts_at)
    accepted.facts_written.push_back(at && outcomes[*at].changes == 1);
  co_return accepted;
}

base::awaitable<RunQueue::Earlier> RunQueue::earlier(BrandId brand, std::string hash) {
  Statement stored{R"sql(SELECT e.body, w.id, r.replay FROM trigger_event e
                         LEFT JOIN run r ON r.event = e.no AND r.parent IS NULL AND r.replay = 0
                         LEFT JOIN workflow w ON w.no = r.workflow
                         WHERE e.brand = $1 AND e.hash = $2 ORDER BY r.no)sql",
                   {brand.no, hash}};
  Earlier earlier;
  for (const base::sql::Row& row : co_await database_.read(std::move(stored))) {
    earlier.body = row.text(0);
    if (!row.is_null(1)) earlier.run_ids.push_back(run_id(hash, row.text(1), static_cast<int>(row.integer(2))));
  }
  co_return earlier;
}

base::awaitable<Recorded> RunQueue::record(StepRecord step) {
  Batch batch = rows_of(step);
  const bool has_second = has_second_row(step);
  base::crash_point("record.before_commit");
  std::vector<base::sql::Outcome> outcomes;
  if (touches_causes(step))
    outcomes = co_await apply_with_causes(step, std::move(batch), has_second);
  else
    outcomes = co_await database_.apply(std::move(batch));
  base::crash_point("record.after_commit");
  if (on_due_ && !step.children.empty()) on_due_(0);
  if (on_due_ && ends_item(step) && outcomes.back().changes == 1) on_due_(step.item->parent);
  if (outcomes[0].changes == 1) co_return Recorded::whole;
  if (step.epoch == 0) co_return Recorded::lease_lost;
  if (has_second) co_return outcomes[1].changes == 1 ? Recorded::epoch_moved : Recorded::lease_lost;
  Statement ours{R"sql(SELECT 1 FROM run WHERE brand = $1 AND no = $2 AND lease = $3)sql",
                 {step.brand.no, step.run_no, step.lease}};
  const base::sql::Rows rows = co_await database_.read(std::move(ours));
  co_return rows.empty() ? Recorded::lease_lost : Recorded::epoch_moved;
}

// A step that fails, holds or releases: what its run stands under changes with the facts, and whoever has to know of a
// failure is told in the same transaction.
base::awaitable<std::vector<base::sql::Outcome>> RunQueue::apply_with_causes(const StepRecord& step, Batch batch,
                                                                             bool has_second) {
  const FailureNotices::Audience audience = failure_notices_.audience(step.brand, step.workflow_no);
  const bool has_failed = step.turn.to == RunTurn::To::over && step.turn.state == RunState::failed;
  std::vector<base::sql::Outcome> outcomes;
  std::int64_t told = 0;
  std::function<void(base::sql::Connection&)> write = [&](base::sql::Connection& sql) {
    outcomes.clear();
    told = 0;
    for (const Statement& statement : batch) outcomes.push_back(sql.execute(statement));
    const bool is_whole = outcomes[0].changes == 1;
    if (!is_whole && !(has_second && outcomes[1].changes == 1)) return;
    write_causes(sql, step, is_whole);
    if (!is_whole || !has_failed) return;
    for (const auto& [id, cause] : failures_of(sql, step.brand, step.run_no))
      for (const Statement& notice : failure_notices_.about(audience, id, cause, step.at))
        told += sql.execute(notice).changes;
  };
  co_await database_.transact(write);
  if (told > 0 && on_notice_) on_notice_();
  co_return outcomes;
}

base::awaitable<std::optional<std::vector<ItemEnd>>> RunQueue::ended_children(BrandId brand, std::int64_t run_no,
                                                                              std::string task) {
  Statement ends{R"sql(SELECT r.item, r.state, r.code, r.ended_at IS NULL,
                              (SELECT l.facts FROM log l WHERE l.run = r.no ORDER BY l.seq DESC LIMIT 1)
                       FROM run r WHERE r.brand = $1 AND r.parent = $2 AND r.task = $3 ORDER BY r.item)sql",
                 {brand.no, run_no, task}};
  std::vector<ItemEnd> all;
  for (const base::sql::Row& row : co_await database_.read(std::move(ends))) {
    if (row.integer(3) != 0) co_return std::nullopt;
    all.push_back(read_item_end(row));
  }
  co_return all;
}

base::awaitable<std::vector<std::string>> RunQueue::read_log(BrandId brand, std::int64_t run_no) {
  Statement rows_of_run{
      R"sql(SELECT l.facts FROM log l JOIN run r ON r.no = l.run WHERE r.brand = $1 AND l.run = $2 ORDER BY l.seq)sql",
      {brand.no, run_no}};
  std::vector<std::string> log;
  for (base::sql::Row& row : co_await database_.read(std::move(rows_of_run))) log.push_back(row.text(0));
  co_return log;
}

base::awaitable<void> RunQueue::give_back(BrandId brand, std::int64_t run_no, std::string lease) {
  Batch batch{{R"sql(UPDATE run SET state = 'queued', due_at = $4, lease = '', worker = ''
                     WHERE brand = $1 AND no = $2 AND lease = $3)sql",
               {brand.no, run_no, lease, base::to_millis(clock_.now())}}};
  co_await database_.apply(std::move(batch));
}

base::awaitable<void> RunQueue::give_back_all(std::string lease) {
  Batch batch{{R"sql(UPDATE run SET state = 'queued', due_at = $2, lease = '', worker = ''
                     WHERE state = 'running' AND lease = $1 AND brand > 0)sql",
               {lease, base::to_millis(clock_.now())}}};
  co_await database_.apply(std::move(batch));
}

base::awaitable<std::vector<ClaimedRun>> RunQueue::claim(int limit, std::string lease) {
  std::vector<ClaimedRun> claimed;
  const base::TimePoint now = clock_.now();
  const Statement due{
      R"sql(SELECT r.no, r.brand, r.event, r.workflow, r.version_no, r.replay, e.hash, w.id, e.content, e.body,
                                   r.cancel_requested, r.parent, r.task, r.item
                            FROM run r JOIN trigger_event e ON e.no = r.event AND e.brand = r.brand
                            JOIN workflow w ON w.no = r.workflow AND w.brand = r.brand
                            WHERE r.due_at <= $1 AND r.state = 'queued' ORDER BY r.due_at, r.no LIMIT $2)sql",
      {base::to_millis(now), std::int64_t{limit}}};
  std::function<void(base::sql::Connection&)> take = [&](base::sql::Connection& sql) {
    std::map<std::int64_t, std::shared_ptr<const std::vector<std::string>>> parent_logs;
    for (const base::sql::Row& row : sql.execute(due).rows) {
      ClaimedRun one = read_claimed(row);
      if (one.run.item) {
        const std::int64_t parent = one.run.item->parent;
        std::shared_ptr<const std::vector<std::string>>& parent_log = parent_logs[parent];
        if (!parent_log)
          parent_log = std::make_shared<const std::vector<std::string>>(log_rows(sql, one.run.brand, parent));
        one.parent_log = parent_log;
      }
      one.lease = lease;
      sql.execute(
          {R"sql(UPDATE run SET state = 'running', due_at = NULL, lease = $3, worker = $4 WHERE brand = $1 AND no = $2)sql",
           {one.run.brand.no, one.run.no, lease, worker_}});
      take_over_log(sql, one, now);
      claimed.push_back(std::move(one));
    }
  };
  co_await database_.transact(take);
  co_return claimed;
}

base::awaitable<std::optional<base::TimePoint>> RunQueue::next_due() {
  Statement earliest{R"sql(SELECT min(due_at) FROM run WHERE due_at IS NOT NULL AND brand > 0)sql"};
  const base::sql::Rows rows = co_await database_.read(std::move(earliest));
  if (rows.empty() || rows.front().is_null(0)) co_return std::nullopt;
  co_return base::from_millis(rows.front().integer(0));
}

base::awaitable<std::int64_t> RunQueue::lift(BrandId brand, std::vector<std::string> keys) {
  const std::int64_t now = base::to_millis(clock_.now());
  std::int64_t lifted = 0;
  std::function<void(base::sql::Connection&)> make_due = [&](base::sql::Connection& sql) {
    for (const std::string& key : keys) {
      lifted += sql.execute({R"sql(UPDATE run SET state = 'queued', due_at = $3 WHERE brand = $1
                                   AND (state = 'held' OR (state = 'queued' AND (due_at IS NULL OR due_at > $3)))
                                   AND no IN (SELECT run FROM run_wait WHERE brand = $1 AND key = $2))sql",
                             {brand.no, key, now}})
                    .changes;
      sql.execute(
          {R"sql(DELETE FROM run_wait WHERE brand = $1 AND run IN (SELECT run FROM run_wait WHERE brand = $1 AND key = $2))sql",
           {brand.no, key}});
    }
  };
  co_await database_.transact(make_due);
  co_return lifted;
}

base::awaitable<bool> RunQueue::resume(BrandId brand, std::int64_t run_no, std::string facts) {
  const std::int64_t now = base::to_millis(clock_.now());
  bool resumed = false;
  std::function<void(base::sql::Connection&)> write = [&](base::sql::Connection& sql) {
    resumed =
        sql.execute(
               {R"sql(UPDATE run SET state = 'queued', due_at = $3 WHERE brand = $1 AND no = $2 AND state = 'held')sql",
                {brand.no, run_no, now}})
            .changes == 1;
    if (!resumed) return;
    sql.execute(
        {R"sql(INSERT INTO log (run, seq, facts) SELECT $1, coalesce(max(seq), 0) + 1, $2 FROM log WHERE run = $1)sql",
         {run_no, facts}});
    sql.execute({R"sql(DELETE FROM run_wait WHERE brand = $1 AND run = $2)sql", {brand.no, run_no}});
    forget_holds(sql, brand, run_no);
  };
  co_await database_.transact(write);
  co_return resumed;
}

}  // namespace engine
