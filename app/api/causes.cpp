// Causes: why runs have failed or wait, each told once.
#include "app/api/access.hpp"
#include "app/api/handlers.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "app/cause_document.hpp"

namespace app::api {

// ?workflow=wfl_…&state=failed|held&limit=50&after=…: of the runs that may be seen, the most runs first.
Answer list_causes(Context& context, const Principal& who, Request& request) {
  PageRequest read = read_page(request, {"workflow", "state"});
  if (read.refusal) co_return *std::move(read.refusal);
  engine::CauseFilter filter;
  filter.workflow = request.query_value("workflow");
  filter.limit = read.page.limit + 1;
  if (const std::string_view state = request.query_value("state"); !state.empty()) {
    filter.state = engine::read_run_state(state);
    const bool is_one = filter.state == engine::RunState::failed || filter.state == engine::RunState::held;
    if (!is_one) co_return problem(422, "query_invalid", "'state' must be failed or held");
  }
  if (!read.page.after.empty()) {
    filter.after = engine::read_cause_place(read.page.after);
    if (!filter.after) co_return problem(422, "query_invalid", "'after' must be the 'next' of the page before");
  }
  filter.projects = visible_projects(context, who);
  std::vector<engine::CauseRow> rows = co_await context.services.causes.list(who.brand, std::move(filter));
  const bool has_more = static_cast<int>(rows.size()) > read.page.limit;
  if (has_more) rows.pop_back();
  co_return base::http::json_response(200, causes_document(rows, has_more).text);
}

}  // namespace app::api
