// Replays: what one would change, and letting a run be carried through once more.
#include <nlohmann/json.hpp>

#include "app/api/access.hpp"
#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "app/replay_plan.hpp"
#include "base/json_writer.hpp"
#include "engine/errors.hpp"
#include "engine/replay.hpp"

namespace app::api {
namespace {

std::string replayed_json(std::string_view run, std::string_view of, engine::ReplayVersion version) {
  base::JsonWriter json;
  json.begin_object();
  json.field("id", run);
  json.field("state", "queued");
  json.field("replay_of", of);
  json.field("version", to_string(version));
  json.end_object();
  return json.take();
}

}  // namespace

// What a run of the live version would change, and how that version differs from the one that ran. Asks the orgs,
// writes nothing. Values are for those who may edit the workflow.
Answer show_replay_plan(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<engine::RunRow> run = co_await context.services.history.find(who.brand, id);
  if (!run) co_return problem(404, "run_unknown", "there is no such run");
  const engine::Right right = context.services.people.right_of(who.brand, run->project, who.user);
  const base::Result<ReplayPlan> plan = co_await plan_replay(context.services, who.brand, *run);
  if (!plan) co_return problem(409, plan.error());
  co_return base::http::json_response(200, to_json(*plan, right >= engine::Right::edit).text);
}

// {"version": "original"}: the failed run goes on. {"version": "latest", "live": N}: a run of the live version, which
// is N as the sender has seen it (left out: whichever it is), follows the one that has ended.
Answer replay_run(Context& context, const Principal& who, Request& request) {
  const std::string id(request.param("id"));
  const std::optional<engine::RunRow> run = co_await context.services.history.find(who.brand, id);
  if (!run) co_return problem(404, "run_unknown", "there is no such run");
  const std::optional<nlohmann::json> body = object_of(request);
  const std::optional<engine::ReplayVersion> version = engine::read_replay_version(text_of(*body, "version"));
  if (!version) co_return problem(422, "body_invalid", "'version' must be 'original' or 'latest'");
  if (*version == engine::ReplayVersion::original) {
    const base::Status goes_on = co_await context.services.replay.go_on(who.user, who.brand, *run);
    if (!goes_on) co_return problem(409, goes_on.error());
    co_return base::http::json_response(202, replayed_json(id, id, *version));
  }
  const auto live = body->find("live");
  if (live != body->end() && !live->is_number_integer())
    co_return problem(422, "body_invalid", "'live' must be the number of the version that was seen to be live");
  const int seen = live != body->end() ? live->get<int>() : 0;
  const base::Result<std::string> next = co_await context.services.replay.follow(who.user, who.brand, *run, seen);
  if (!next) co_return problem(409, next.error());
  co_return base::http::json_response(202, replayed_json(*next, id, *version));
}

}  // namespace app::api
