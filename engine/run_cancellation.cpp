#include "engine/run_cancellation.hpp"

#include <fmt/format.h>

#include "engine/cause_rows.hpp"
#include "engine/errors.hpp"
#include "engine/run.hpp"
#include "engine/step_rows.hpp"

namespace engine {
namespace {

using base::sql::Statement;

// A run in a worker's hands is ended by the worker.
Cancelled ask_worker(base::sql::Connection& sql, BrandId brand, std::int64_t run_no) {
  const bool is_requested = sql.execute({R"sql(UPDATE run SET cancel_requested = 1
                         WHERE brand = $1 AND no = $2 AND state = 'running' AND cancel_requested = 0)sql",
                                         {brand.no, run_no}})
                                .changes == 1;
  if (is_requested) return Cancelled::requested;
  const Statement running{R"sql(SELECT 1 FROM run WHERE brand = $1 AND no = $2 AND state = 'running')sql",
                          {brand.no, run_no}};
  return sql.execute(running).rows.empty() ? Cancelled::over : Cancelled::already;
}

// `ended`: the fact that a run which only waits is ended with.
Cancelled cancel_one(base::sql::Connection& sql, BrandId brand, std::int64_t run_no, const Fact& ended) {
  const bool has_ended = sql.execute({R"sql(UPDATE run SET state = 'cancelled', code = $3, ended_at = $4, due_at = NULL
                                            WHERE brand = $1 AND no = $2 AND state IN ('held', 'queued'))sql",
                                      {brand.no, run_no, std::string(run_cancelled.name), base::to_millis(ended.at)}})
                             .changes == 1;
  if (!has_ended) return ask_worker(sql, brand, run_no);
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

// The run's child runs with it. `requested`: the numbers of those that are in a worker's hands.
Cancelled cancel_with_children(base::sql::Connection& sql, BrandId brand, std::int64_t run_no, const Fact& ended,
                               std::vector<std::int64_t>& requested) {
  const Cancelled outcome = cancel_one(sql, brand, run_no, ended);
  if (outcome == Cancelled::requested) requested.push_back(run_no);
  if (outcome == Cancelled::over) return outcome;
  // After their parent, so that it is not made due by the last of them.
  const Statement children{R"sql(SELECT no FROM run WHERE brand = $1 AND parent = $2 AND ended_at IS NULL)sql",
                           {brand.no, run_no}};
  for (const base::sql::Row& child : sql.execute(children).rows)
    cancel_with_children(sql, brand, child.integer(0), ended, requested);
  return outcome;
}

}  // namespace

base::awaitable<Cancelled> RunCancellation::cancel(std::string who, BrandId brand, const RunRow& run) {
  const Fact ended = end_by_person(clock_.now());
  Cancelled outcome = Cancelled::over;
  std::vector<std::int64_t> requested;
  AuditLog::Change change = [&](base::sql::Connection& sql) {
    requested.clear();
    outcome = cancel_with_children(sql, brand, run.no, ended, requested);
    return outcome == Cancelled::ended || outcome == Cancelled::requested;
  };
  AuditEntry entry{std::move(who), "run.cancelled", run.id, audit_details({{"workflow", run.workflow_id}})};
  const bool is_written = co_await audit_.commit_if(brand, std::move(entry), std::move(change), /*raises_epoch=*/false);
  if (!is_written) co_return outcome;
  for (const std::int64_t no : requested) worker_.cancel(no);
  if (run.parent_no != 0) worker_.wake(run.parent_no);
  co_return outcome;
}

}  // namespace engine
