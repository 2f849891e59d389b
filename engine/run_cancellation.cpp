#include "engine/run_cancellation.hpp"

#include <fmt/format.h>

#include "engine/run.hpp"

namespace engine {

base::awaitable<Cancelled> RunCancellation::cancel(std::string who, BrandId brand, const RunRow& run) {
  const Fact ended = end_by_person(clock_.now());
  Cancelled outcome = Cancelled::over;
  std::vector<std::int64_t> requested;
  AuditLog::Change change = [&](base::sql::Connection& sql) {
    requested.clear();
    outcome = RunQueue::cancel(sql, brand, run.no, ended, requested);
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
