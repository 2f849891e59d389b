#include "engine/cause_rows.hpp"

namespace engine {
namespace {

void stand_under(base::sql::Connection& sql, const StepRecord& step, const CauseChange& change) {
  const FailureCause& cause = *change.cause;
  const std::string id = cause_id(step.brand, step.workflow_no, cause);
  sql.execute({R"sql(INSERT INTO cause (brand, id, workflow, task, code, org_code, fields, message, first_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (brand, id) DO NOTHING)sql",
               {step.brand.no, id, step.workflow_no, cause.task, cause.code, cause.org_code, join_fields(cause.fields),
                cause.message, base::to_millis(step.at)}});
  sql.execute({R"sql(INSERT INTO run_cause (run, task, brand, cause, state, at)
                     SELECT $3, $4, brand, no, $5, $6 FROM cause WHERE brand = $1 AND id = $2
                     ON CONFLICT (run, task) DO UPDATE SET cause = excluded.cause, state = excluded.state, at = excluded.at)sql",
               {step.brand.no, id, step.run_no, change.task, std::string(change.is_hold ? "held" : "failed"),
                base::to_millis(step.at)}});
}

void forget_task(base::sql::Connection& sql, const StepRecord& step, const std::string& task) {
  sql.execute({R"sql(DELETE FROM run_cause WHERE brand = $1 AND run = $2 AND task = $3)sql",
               {step.brand.no, step.run_no, task}});
}

bool is_cancelled(const StepRecord& step) {
  return step.turn.to == RunTurn::To::over && step.turn.state == RunState::cancelled;
}

}  // namespace

bool touches_causes(const StepRecord& step) {
  const bool has_failed = step.turn.to == RunTurn::To::over && step.turn.state == RunState::failed;
  return !step.causes.empty() || !step.made_good.empty() || is_cancelled(step) || has_failed;
}

void write_causes(base::sql::Connection& sql, const StepRecord& step, bool is_whole) {
  for (const CauseChange& change : step.causes) {
    if (!is_whole && change.needs_epoch) continue;
    if (change.cause)
      stand_under(sql, step, change);
    else
      forget_task(sql, step, change.task);
  }
  if (!is_whole) return;
  for (const std::string& task : step.made_good) forget_task(sql, step, task);
  if (is_cancelled(step)) forget_causes_of_all(sql, step.brand, step.run_no);
}

std::vector<std::pair<std::string, FailureCause>> failures_of(base::sql::Connection& sql, BrandId brand,
                                                              std::int64_t run_no) {
  const base::sql::Statement standing{R"sql(SELECT c.id, c.task, c.code, c.org_code, c.fields, c.message
                                            FROM run_cause s JOIN cause c ON c.no = s.cause
                                            WHERE s.brand = $1 AND s.run = $2 AND s.state = 'failed')sql",
                                      {brand.no, run_no}};
  std::vector<std::pair<std::string, FailureCause>> causes;
  for (const base::sql::Row& row : sql.execute(standing).rows)
    causes.emplace_back(row.text(0),
                        FailureCause{row.text(1), row.text(2), row.text(3), split_fields(row.text(4)), row.text(5)});
  return causes;
}

void forget_holds(base::sql::Connection& sql, BrandId brand, std::int64_t run_no) {
  sql.execute({R"sql(DELETE FROM run_cause WHERE brand = $1 AND run = $2 AND state = 'held')sql", {brand.no, run_no}});
}

void forget_causes(base::sql::Connection& sql, BrandId brand, std::int64_t run_no) {
  sql.execute({R"sql(DELETE FROM run_cause WHERE brand = $1 AND run = $2)sql", {brand.no, run_no}});
}

void forget_causes_of_all(base::sql::Connection& sql, BrandId brand, std::int64_t run_no) {
  sql.execute({R"sql(DELETE FROM run_cause WHERE brand = $1
                     AND (run = $2 OR run IN (SELECT no FROM run WHERE brand = $1 AND parent = $2)))sql",
               {brand.no, run_no}});
}

}  // namespace engine
