// Runs: pages of them, one whole, and the way on for one that is held.
#include <charconv>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "app/api/access.hpp"
#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "app/run_report.hpp"
#include "base/json_writer.hpp"
#include "engine/errors.hpp"
#include "engine/transition.hpp"

namespace app::api {
namespace {

std::optional<std::int64_t> read_run_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

std::string state_of_run(std::string_view id, std::string_view state) {
  base::JsonWriter json;
  json.begin_object();
  json.field("id", id);
  json.field("state", state);
  json.end_object();
  return json.take();
}

Answer list_not_started(Context& context, const Principal& who, int limit) {
  std::optional<std::vector<std::string>> projects = visible_projects(context, who);
  const std::vector<engine::EventWithoutRun> events =
      co_await context.services.history.not_started(who.brand, limit, std::move(projects));
  co_return base::http::json_response(200, not_started_document(events).text);
}

// All of them on one page: a list's length is bounded.
Answer list_children(Context& context, const Principal& who, const std::string& parent,
                     std::optional<engine::RunState> state) {
  const std::optional<engine::RunRow> run = co_await context.services.history.find(who.brand, parent);
  const bool may_see =
      run && context.services.people.right_of(who.brand, run->project, who.user) != engine::Right::none;
  if (!may_see) co_return problem(404, "run_unknown", "there is no such run");
  std::vector<engine::RunRow> rows = co_await context.services.history.children(who.brand, run->no);
  std::erase_if(rows, [&](const engine::RunRow& row) { return state && row.state != *state; });
  co_return base::http::json_response(200, runs_document(rows, false).text);
}

// The run itself where it is held, or the items that a run waits for and that are.
base::awaitable<std::vector<engine::RunRow>> held_with(Context& context, engine::BrandId brand,
                                                       const engine::RunRow& run) {
  std::vector<engine::RunRow> held;
  if (run.state == engine::RunState::held && !run.items) {
    held.push_back(run);
  } else if (!engine::is_over(run.state)) {
    held = co_await context.services.history.children(brand, run.no);
    std::erase_if(held, [](const engine::RunRow& item) { return item.state != engine::RunState::held; });
  }
  co_return held;
}

}  // namespace

// ?state=held&workflow=wfl_…&cause=cau_…&limit=50&before=run number of the page before&children=true ·
// ?parent=run_…&state=held · ?not_started=true
Answer list_runs(Context& context, const Principal& who, Request& request) {
  PageRequest read = read_page(request, {"state", "workflow", "cause", "before", "children", "parent", "not_started"});
  if (read.refusal) co_return *std::move(read.refusal);
  const int limit = read.page.limit;
  if (request.query_value("not_started") == "true") co_return co_await list_not_started(context, who, limit);
  engine::RunFilter filter{.workflow = std::string(request.query_value("workflow")), .limit = limit + 1};
  if (const std::string_view before = request.query_value("before"); !before.empty()) {
    const std::optional<std::int64_t> number = read_run_number(before);
    if (!number) co_return problem(422, "query_invalid", "'before' must be the 'next_before' of the page before");
    filter.before = *number;
  }
  filter.cause = request.query_value("cause");
  if (const std::string_view state = request.query_value("state"); !state.empty()) {
    filter.state = engine::read_run_state(state);
    if (!filter.state)
      co_return problem(422, "query_invalid", "'state' must be queued, running, succeeded, failed, cancelled or held");
  }
  if (const std::string parent(request.query_value("parent")); !parent.empty())
    co_return co_await list_children(context, who, parent, filter.state);
  filter.shows_children = request.query_value("children") == "true";
  filter.projects = visible_projects(context, who);
  std::vector<engine::RunRow> rows = co_await context.services.history.list(who.brand, filter);
  const bool has_more = static_cast<int>(rows.size()) > limit;
  if (has_more) rows.pop_back();
  co_return base::http::json_response(200, runs_document(rows, has_more).text);
}

Answer show_run(Context& context, const Principal& who, Request& request) {
  std::string id(request.param("id"));
  const std::optional<engine::RunRow> run = co_await context.services.history.find(who.brand, id);
  if (!run) co_return problem(404, "run_unknown", "there is no such run");
  const engine::Right right = context.services.people.right_of(who.brand, run->project, who.user);
  const bool shows_content = right >= engine::Right::edit;
  const std::optional<base::JsonText> document =
      co_await run_report(context.services, who.brand, std::move(id), who.user, shows_content);
  if (!document) co_return problem(404, "run_unknown", "there is no such run");
  co_return base::http::json_response(200, document->text);
}

// The respondent's own words: for those who may edit the workflow.
Answer show_run_response(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<engine::RunRow> run = co_await context.services.history.find(who.brand, id);
  if (!run) co_return problem(404, "run_unknown", "there is no such run");
  std::string response = co_await context.services.history.response(who.brand, run->no);
  if (response.empty()) co_return problem(404, "run_unknown", "the run's response has not been fetched yet");
  co_return base::http::json_response(200, std::move(response));
}

// 200: it waited, and is over. 202: it is under way, and ends before anything more of it is begun.
Answer cancel_run(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<engine::RunRow> run = co_await context.services.history.find(who.brand, id);
  if (!run) co_return problem(404, "run_unknown", "there is no such run");
  const engine::Cancelled outcome = co_await context.services.cancellation.cancel(who.user, who.brand, *run);
  switch (outcome) {
    case engine::Cancelled::ended: co_return base::http::json_response(200, state_of_run(id, "cancelled"));
    case engine::Cancelled::requested:
    case engine::Cancelled::already: co_return base::http::json_response(202, state_of_run(id, "running"));
    case engine::Cancelled::over: break;
  }
  co_return problem(409, engine::run_over.name, "the run has ended; there is nothing left to cancel");
}

// {} tries a held run again, or the held items of one that waits for them. Where it is unclear whether a write was
// carried out, {"unclear": "done"} or {"unclear": "repeat"} says what a person found in the org.
Answer resume_run(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<engine::RunRow> run = co_await context.services.history.find(who.brand, id);
  if (!run) co_return problem(404, "run_unknown", "there is no such run");
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string unclear = text_of(*body, "unclear");
  const std::vector<engine::RunRow> held = co_await held_with(context, who.brand, *run);
  if (held.empty()) co_return problem(409, "run_not_held", "only a held run can be resumed");
  const std::shared_ptr<engine::LiveVersion> version = co_await context.services.workflows.version(run->version_no);
  std::vector<std::string> rows;
  for (const engine::RunRow& one : held) {
    const std::vector<engine::Fact> log = co_await context.services.history.facts(who.brand, one.no);
    base::Result<std::vector<engine::Fact>> facts =
        engine::resumption(version->definition, log, unclear, context.services.clock.now());
    if (!facts) co_return problem(422, facts.error());
    rows.push_back(engine::to_json(*facts));
  }
  bool any_resumed = false;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const bool resumed = co_await context.services.queue.resume(who.brand, held[i].no, rows[i]);
    any_resumed = any_resumed || resumed;
  }
  if (!any_resumed) co_return problem(409, "run_not_held", "the run is not held any more");
  context.services.worker.ring();
  co_return base::http::json_response(202, state_of_run(id, "queued"));
}

}  // namespace app::api
