#include "engine/failure_notices.hpp"

#include <set>

#include <fmt/format.h>

namespace engine {

FailureNotices::Audience FailureNotices::audience(BrandId brand, std::int64_t workflow_no) const {
  const Workflow* workflow = workflows_.find(workflow_no);
  if (!workflow) return {};
  const std::optional<Project> project = people_.project(brand, workflow->project);
  const std::set<std::string> recipients{project ? project->owner : workflow->creator, workflow->creator};
  Audience audience{.brand = brand, .workflow_id = workflow->id, .workflow_name = workflow->name};
  for (const std::string& recipient : recipients)
    if (!recipient.empty()) audience.recipients.push_back(recipient);
  return audience;
}

base::sql::Batch FailureNotices::about(const Audience& audience, std::string_view cause_id, const FailureCause& cause,
                                       base::TimePoint at) const {
  const std::string day = base::to_iso8601(at).substr(0, 10);
  const std::string where = cause.task.empty() ? "getting the response" : fmt::format("task '{}'", cause.task);
  base::sql::Batch batch;
  for (const std::string& recipient : audience.recipients) {
    Notice notice{.recipient = recipient, .kind = NoticeKind::runs_failing, .subject = audience.workflow_id};
    notice.message = fmt::format("runs of '{}' fail at {}: {} (`sluice runs causes` counts them)",
                                 audience.workflow_name, where, in_words(cause));
    notice.dedup_key = fmt::format("runs_failing:{}:{}", cause_id, day);
    batch.push_back(notices_.put(audience.brand, notice, at));
  }
  return batch;
}

}  // namespace engine
