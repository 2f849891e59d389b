#include "engine/run_queue.hpp"

#include "base/crash_point.hpp"
#include "engine/cause_rows.hpp"
#include "engine/errors.hpp"
#include "engine/run_id.hpp"

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

Statement log_under_epoch(const StepRecord& step) {
  return {R"sql(INSERT INTO log (run, seq, facts)
                SELECT r.no, $3, $4 FROM run r JOIN brand b ON b.no = r.brand
                WHERE r.no = $1 AND r.lease = $2 AND b.auth_epoch = $5)sql",
          {step.run_no, step.lease, std::int64_t{step.seq}, step.facts, step.epoch}};
}

Statement log_under_lease(const StepRecord& step, const std::string& facts) {
  return {R"sql(INSERT INTO log (run, seq, facts)
                SELECT no, $3, $4 FROM run WHERE no = $1 AND lease = $2
                ON CONFLICT (run, seq) DO NOTHING)sql",
          {step.run_no, step.lease, std::int64_t{step.seq}, facts}};
}

// The turn is made only together with the whole step: `$4` asks that the epoch has not moved (0: it does not matter).
constexpr std::string_view end_run = R"sql(
  UPDATE run SET state = $5, code = $6, ended_at = $7, due_at = NULL, lease = '', worker = ''
  WHERE no = $1 AND lease = $2 AND brand = $3
    AND ($4 = 0 OR EXISTS (SELECT 1 FROM brand b WHERE b.no = $3 AND b.auth_epoch = $4)))sql";
// A run that somebody has cancelled meanwhile is due at once, wherever it turns: whoever claims it ends it.
constexpr std::string_view hold_run = R"sql(
  UPDATE run SET state = CASE cancel_requested WHEN 0 THEN 'held' ELSE 'queued' END, code = $5,
                 due_at = CASE cancel_requested WHEN 0 THEN NULL ELSE $6 END, lease = '', worker = ''
  WHERE no = $1 AND lease = $2 AND brand = $3
    AND ($4 = 0 OR EXISTS (SELECT 1 FROM brand b WHERE b.no = $3 AND b.auth_epoch = $4)))sql";
constexpr std::string_view queue_run = R"sql(
  UPDATE run SET state = 'queued', due_at = CASE cancel_requested WHEN 0 THEN $5 ELSE $6 END, lease = '', worker = ''
  WHERE no = $1 AND lease = $2 AND brand = $3
    AND ($4 = 0 OR EXISTS (SELECT 1 FROM brand b WHERE b.no = $3 AND b.auth_epoch = $4)))sql";

// Under the parent's lease, whether its epoch has moved or not: the fact that names the items stands in either case.
Statement insert_child(const StepRecord& step, const NewChild& child) {
  return {
      R"sql(INSERT INTO run (no, brand, event, workflow, version_no, replay, root, parent, task, item, state, due_at,
                                 lease, worker, project, owner, creator, auth_epoch, cancel_requested, started_at)
                SELECT $1, brand, event, workflow, version_no, replay, root, no, $5, $6, 'queued', $7, '', '', project,
                       owner, creator, auth_epoch, cancel_requested, $7
                FROM run WHERE no = $2 AND lease = $3 AND brand = $4)sql",
      {child.no, step.run_no, step.lease, step.brand.no, child.task, std::int64_t{child.number},
       base::to_millis(step.at)}};
}

// A parent is due as soon as the last child run of one of its tasks has ended; one that is in a worker's hands is told.
Statement wake_parent(BrandId brand, std::int64_t parent, const std::string& task, base::TimePoint now) {
  return {R"sql(UPDATE run SET due_at = CASE state WHEN 'queued' THEN $4 ELSE due_at END
                WHERE no = $1 AND brand = $2 AND state IN ('queued', 'running')
                  AND NOT EXISTS (SELECT 1 FROM run c WHERE c.parent = $1 AND c.task = $3 AND c.ended_at IS NULL))sql",
          {parent, brand.no, task, base::to_millis(now)}};
}

void add_turn(Batch& batch, const StepRecord& step) {
  const RunTurn& turn = step.turn;
  switch (turn.to) {
    case RunTurn::To::goes_on: return;
    case RunTurn::To::over:
      batch.push_back({end_run,
                       {step.run_no, step.lease, step.brand.no, step.epoch, std::string(to_string(turn.state)),
                        turn.code, base::to_millis(step.at)}});
      return;
    case RunTurn::To::queued:
      batch.push_back(
          {queue_run,
           {step.run_no, step.lease, step.brand.no, step.epoch,
            turn.due_at || turn.children_of.empty() ? base::sql::Value(base::to_millis(turn.due_at.value_or(step.at)))
                                                    : base::sql::Value(Null{}),
            base::to_millis(step.at)}});
      // The last of them may have ended while the parent was in hand.
      for (const std::string& task : turn.children_of)
        batch.push_back(wake_parent(step.brand, step.run_no, task, step.at));
      break;
    case RunTurn::To::held:
      batch.push_back(
          {hold_run, {step.run_no, step.lease, step.brand.no, step.epoch, turn.code, base::to_millis(step.at)}});
      break;
  }
  for (const std::string& key : turn.keys) {
    batch.push_back({R"sql(INSERT INTO run_wait (brand, key, run)
                           SELECT brand, $2, no FROM run WHERE no = $1 AND brand = $3 AND state IN ('held', 'queued')
                           ON CONFLICT (brand, key, run) DO NOTHING)sql",
                     {step.run_no, key, step.brand.no}});
  }
}

std::vector<std::string> log_rows(base::sql::Connection& sql, BrandId brand, std::int64_t run_no) {
  const Statement log{
      R"sql(SELECT l.facts FROM log l JOIN run r ON r.no = l.run WHERE r.brand = $1 AND l.run = $2 ORDER BY l.seq)sql",
      {brand.no, run_no}};
  std::vector<std::string> rows;
  for (const base::sql::Row& row : sql.execute(log).rows) rows.push_back(row.text(0));
  return rows;
}

Cancelled cancel_one(base::sql::Connection& sql, BrandId brand, std::int64_t run_no, const Fact& ended) {
  const bool has_ended = sql.execute({R"sql(UPDATE run SET state = 'cancelled', code = $3, ended_at = $4, due_at = NULL
                                            WHERE brand = $1 AND no = $2 AND state IN ('held', 'queued'))sql",
                                      {brand.no, run_no, std::string(run_cancelled.name), base::to_millis(ended.at)}})
                             .changes == 1;
  if (!has_ended) {
    const bool is_requested = sql.execute({R"sql(UPDATE run SET cancel_requested = 1
                           WHERE brand = $1 AND no = $2 AND state = 'running' AND cancel_requested = 0)sql",
                                           {brand.no, run_no}})
                                  .changes == 1;
    if (is_requested) return Cancelled::requested;
    const bool is_running =
        !sql.execute(
                {R"sql(SELECT 1 FROM run WHERE brand = $1 AND no = $2 AND state = 'running')sql", {brand.no, run_no}})
             .rows.empty();
    return is_running ? Cancelled::already : Cancelled::over;
  }
  sql.execute(
      {R"sql(INSERT INTO log (run, seq, facts) SELECT $1, coalesce(max(seq), 0) + 1, $2 FROM log WHERE run = $1)sql",
       {run_no, to_json(std::span(&ended, 1))}});
  sql.execute({R"sql(DELETE FROM run_wait WHERE brand = $1 AND run = $2)sql", {brand.no, run_no}});
  forget_causes_of_all(sql, brand, run_no);
  const Statement parent{R"sql(SELECT parent, task FROM run WHERE brand = $1 AND no = $2 AND parent IS NOT NULL)sql",
                         {brand.no, run_no}};
  for (const base::sql::Row& row : sql.execute(parent).rows)
    sql.execute(wake_parent(brand, row.integer(0), row.text(1), ended.at));
  return Cancelled::ended;
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
  Batch batch;
  if (step.epoch != 0) {
    batch.push_back(log_under_epoch(step));
    if (!step.facts_without_epoch.empty()) batch.push_back(log_under_lease(step, step.facts_without_epoch));
  } else {
    batch.push_back(log_under_lease(step, step.facts));
  }
  const bool has_second = batch.size() == 2;
  for (const NewChild& child : step.children) batch.push_back(insert_child(step, child));
  add_turn(batch, step);
  const bool ends_item = step.item && step.turn.to == RunTurn::To::over;
  if (ends_item) batch.push_back(wake_parent(step.brand, step.item->parent, step.item->task, step.at));

  base::crash_point("record.before_commit");
  std::vector<base::sql::Outcome> outcomes;
  if (touches_causes(step))
    outcomes = co_await apply_with_causes(step, std::move(batch), has_second);
  else
    outcomes = co_await database_.apply(std::move(batch));
  base::crash_point("record.after_commit");
  if (on_due_ && !step.children.empty()) on_due_(0);
  if (on_due_ && ends_item && outcomes.back().changes == 1) on_due_(step.item->parent);
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
  const std::int64_t now = base::to_millis(clock_.now());
  const Statement due{
      R"sql(SELECT r.no, r.brand, r.event, r.workflow, r.version_no, r.replay, e.hash, w.id, e.content, e.body,
                                   r.cancel_requested, r.parent, r.task, r.item
                            FROM run r JOIN trigger_event e ON e.no = r.event AND e.brand = r.brand
                            JOIN workflow w ON w.no = r.workflow AND w.brand = r.brand
                            WHERE r.due_at <= $1 AND r.state = 'queued' ORDER BY r.due_at, r.no LIMIT $2)sql",
      {now, std::int64_t{limit}}};
  std::function<void(base::sql::Connection&)> take = [&](base::sql::Connection& sql) {
    std::map<std::int64_t, std::shared_ptr<const std::vector<std::string>>> parent_logs;
    for (const base::sql::Row& row : sql.execute(due).rows) {
      ClaimedRun one;
      one.lease = lease;
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
      if (!row.is_null(11)) {
        const ItemOfRun item{
            .parent = row.integer(11), .task_id = row.text(12), .number = static_cast<int>(row.integer(13))};
        run.id = item_run_id(run.id, item.task_id, item.number);
        std::shared_ptr<const std::vector<std::string>>& parent_log = parent_logs[item.parent];
        if (!parent_log)
          parent_log = std::make_shared<const std::vector<std::string>>(log_rows(sql, run.brand, item.parent));
        one.parent_log = parent_log;
        run.item = item;
      }
      sql.execute(
          {R"sql(UPDATE run SET state = 'running', due_at = NULL, lease = $3, worker = $4 WHERE brand = $1 AND no = $2)sql",
           {run.brand.no, run.no, lease, worker_}});
      for (const base::sql::Row& entry :
           sql.execute({R"sql(SELECT seq, facts FROM log WHERE run = $1 ORDER BY seq)sql", {run.no}}).rows) {
        run.seq = static_cast<int>(entry.integer(0));
        one.log.push_back(entry.text(1));
      }
      // The take-over's own row, in the transaction that changes the lease: whoever held the run before can write at no
      // seq that we read past.
      if (run.seq > 0) {
        const Fact taken{.what = What::taken, .at = base::from_millis(now)};
        one.log.push_back(to_json(std::span(&taken, 1)));
        sql.execute({R"sql(INSERT INTO log (run, seq, facts) VALUES ($1, $2, $3))sql",
                     {run.no, std::int64_t{++run.seq}, one.log.back()}});
      }
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

Cancelled RunQueue::cancel(base::sql::Connection& sql, BrandId brand, std::int64_t run_no, const Fact& ended,
                           std::vector<std::int64_t>& requested) {
  const Cancelled outcome = cancel_one(sql, brand, run_no, ended);
  if (outcome == Cancelled::requested) requested.push_back(run_no);
  if (outcome == Cancelled::over) return outcome;
  // After their parent, so that it is not made due by the last of them.
  const Statement children{R"sql(SELECT no FROM run WHERE brand = $1 AND parent = $2 AND ended_at IS NULL)sql",
                           {brand.no, run_no}};
  for (const base::sql::Row& child : sql.execute(children).rows) cancel(sql, brand, child.integer(0), ended, requested);
  return outcome;
}

}  // namespace engine
