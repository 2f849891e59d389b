#include "engine/step_rows.hpp"

namespace engine {
namespace {

using base::sql::Batch;
using base::sql::Null;
using base::sql::Statement;

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

}  // namespace

bool has_second_row(const StepRecord& step) { return step.epoch != 0 && !step.facts_without_epoch.empty(); }

bool ends_item(const StepRecord& step) { return step.item && step.turn.to == RunTurn::To::over; }

Batch rows_of(const StepRecord& step) {
  Batch batch{step.epoch == 0 ? log_under_lease(step, step.facts) : log_under_epoch(step)};
  if (has_second_row(step)) batch.push_back(log_under_lease(step, step.facts_without_epoch));
  for (const NewChild& child : step.children) batch.push_back(insert_child(step, child));
  add_turn(batch, step);
  if (ends_item(step)) batch.push_back(wake_parent(step.brand, step.item->parent, step.item->task, step.at));
  return batch;
}

Statement wake_parent(BrandId brand, std::int64_t parent, const std::string& task, base::TimePoint now) {
  return {R"sql(UPDATE run SET due_at = CASE state WHEN 'queued' THEN $4 ELSE due_at END
                WHERE no = $1 AND brand = $2 AND state IN ('queued', 'running')
                  AND NOT EXISTS (SELECT 1 FROM run c WHERE c.parent = $1 AND c.task = $3 AND c.ended_at IS NULL))sql",
          {parent, brand.no, task, base::to_millis(now)}};
}

}  // namespace engine
