#include "engine/replay_rows.hpp"

#include "engine/cause_rows.hpp"

namespace engine {

bool reopen_run(base::sql::Connection& sql, BrandId brand, std::int64_t run_no, const std::string& facts,
                base::TimePoint now) {
  const bool is_open = sql.execute({R"sql(UPDATE run SET state = 'queued', code = '', ended_at = NULL, due_at = $3,
                                                         cancel_requested = 0
                                          WHERE brand = $1 AND no = $2 AND state = 'failed'
                                            AND NOT EXISTS (SELECT 1 FROM run n WHERE n.event = run.event
                                                              AND n.workflow = run.workflow AND n.parent IS NULL
                                                              AND n.replay > run.replay))sql",
                                    {brand.no, run_no, base::to_millis(now)}})
                           .changes == 1;
  if (!is_open) return false;
  sql.execute({R"sql(INSERT INTO log (run, seq, facts)
                     SELECT r.no, coalesce((SELECT max(l.seq) FROM log l WHERE l.run = r.no), 0) + 1, $3
                     FROM run r WHERE r.brand = $1 AND r.no = $2)sql",
               {brand.no, run_no, facts}});
  forget_causes(sql, brand, run_no);
  return true;
}

bool add_replay(base::sql::Connection& sql, BrandId brand, std::int64_t newest, const NewRun& run,
                base::TimePoint now) {
  const bool is_added =
      sql.execute(
             {R"sql(INSERT INTO run (no, brand, event, workflow, version_no, replay, root, state, due_at, lease, worker,
                                          project, owner, creator, auth_epoch, started_at)
                         SELECT $3, r.brand, r.event, r.workflow, $4, r.replay + 1, r.root, 'queued', $9, '', '',
                                $5, $6, $7, $8, $9
                         FROM run r
                         WHERE r.brand = $1 AND r.no = $2 AND r.parent IS NULL
                           AND NOT EXISTS (SELECT 1 FROM run o WHERE o.event = r.event AND o.workflow = r.workflow AND o.parent IS NULL
                                             AND (o.ended_at IS NULL OR o.replay > r.replay)))sql",
              {brand.no, newest, run.no, run.version_no, run.ownership.project, run.ownership.owner,
               run.ownership.creator, run.ownership.epoch, base::to_millis(now)}})
          .changes == 1;
  if (!is_added) return false;
  sql.execute({R"sql(INSERT INTO log (run, seq, facts) SELECT no, 1, $3 FROM run WHERE brand = $1 AND no = $2)sql",
               {brand.no, run.no, run.facts}});
  forget_causes_of_all(sql, brand, newest);
  return true;
}

}  // namespace engine
