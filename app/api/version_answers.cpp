#include "app/api/version_answers.hpp"

#include <fmt/format.h>

#include "app/api/problem.hpp"
#include "app/api/workflow_access.hpp"
#include "engine/errors.hpp"

namespace app::api {

void write_version(base::JsonWriter& json, const engine::Workflow& workflow, const engine::VersionRecord& version) {
  json.begin_object();
  json.field("number", version.number);
  json.field("kind", engine::to_string(version.kind));
  json.field("live", version.no == workflow.version_no);
  json.field("author", version.author);
  json.field("message", version.message);
  json.field("created_at", base::to_iso8601(version.created_at));
  json.field("fingerprint", version.fingerprint);
  if (version.base > 0) json.field("base_version", version.base);
  if (!version.decision.empty()) {
    json.field("decision", version.decision);
    json.field("decided_by", version.decided_by);
  }
  if (version.decided_at) json.field("decided_at", base::to_iso8601(*version.decided_at));
  json.end_object();
}

base::http::Response versions_answer(std::string_view plural, const engine::Workflow& workflow,
                                     const std::vector<engine::VersionRecord>& versions) {
  base::JsonWriter json;
  json.begin_object();
  json.key(plural);
  json.begin_array();
  for (const engine::VersionRecord& version : versions) write_version(json, workflow, version);
  json.end_array();
  json.end_object();
  return base::http::json_response(200, json.take());
}

base::http::Response version_moved_answer(int live) {
  return problem(409, engine::version_moved.name,
                 fmt::format("the live version is {}, not the one that this was made from", live), "version",
                 base::JsonText{std::to_string(live)});
}

base::http::Response creator_only_answer() {
  return problem(403, engine::creator_only.name, "only the workflow's creator may do this");
}

base::awaitable<base::http::Response> pushed_answer(Context& context, const Principal& who,
                                                    const engine::Workflow& workflow, engine::Pushed pushed,
                                                    base::Findings warnings) {
  switch (pushed.to) {
    case engine::Pushed::To::moved: co_return version_moved_answer(pushed.version);
    case engine::Pushed::To::would_invalidate:
      co_return problem(409, engine::edit_would_invalidate.name,
                        "you are not the workflow's creator: this version would invalidate logins that its tasks run "
                        "on. Propose it, or send \"acknowledge\": true",
                        "invalidates", invalidated_json(who, pushed.invalidated));
    case engine::Pushed::To::unbound: {
      base::JsonWriter aliases;
      aliases.begin_array();
      for (const std::string& alias : pushed.unbound) aliases.string(alias);
      aliases.end_array();
      co_return problem(409, engine::proposal_unbound.name, "it names accounts that are bound to nothing", "aliases",
                        {aliases.take()});
    }
    case engine::Pushed::To::live:
    case engine::Pushed::To::unchanged: break;
  }
  const std::int64_t released = co_await context.services.lift(who.brand, std::move(pushed.keys_lifted));
  context.services.notice_courier.ring();
  base::JsonWriter json;
  json.begin_object();
  json.field("workflow", workflow.id);
  json.field("version", pushed.version);
  json.field("changed", pushed.to == engine::Pushed::To::live);
  json.field("invalidated", invalidated_json(who, pushed.invalidated));
  json.field("released", released);
  json.field("findings", base::JsonText{base::to_json(warnings)});
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
