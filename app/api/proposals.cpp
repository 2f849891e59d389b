// Proposals: drafts beside the live version, which the creator adopts or declines.
#include <charconv>

#include "app/api/handlers.hpp"
#include "app/api/licensing.hpp"
#include "app/api/org_fit.hpp"
#include "app/api/problem.hpp"
#include "app/api/version_answers.hpp"
#include "app/api/workflow_access.hpp"
#include "engine/errors.hpp"

namespace app::api {
namespace {

struct FoundProposal {
  engine::VersionRecord draft{};
  std::optional<base::http::Response> refusal{};
};

FoundProposal refused(base::http::Response why) { return {{}, std::move(why)}; }

bool was_proposed(const engine::VersionRecord& version) { return version.base > 0; }

// The proposal of the route, for the creator to decide on.
base::awaitable<FoundProposal> proposal_to_decide(Context& context, const Principal& who,
                                                  const engine::Workflow& workflow, std::string_view named) {
  if (workflow.creator != who.user) co_return refused(creator_only_answer());
  int number = 0;
  std::from_chars(named.data(), named.data() + named.size(), number);
  std::optional<engine::VersionRecord> draft =
      co_await context.services.workflows.version_numbered(who.brand, workflow.no, number);
  if (!draft || !was_proposed(*draft)) co_return refused(problem(404, "proposal_unknown", "there is no such proposal"));
  if (!draft->decision.empty())
    co_return refused(problem(409, engine::proposal_decided.name, "it was " + draft->decision + " before"));
  FoundProposal found;
  found.draft = *std::move(draft);
  co_return found;
}

}  // namespace

// ?open=true: those that wait for the creator's decision.
Answer list_proposals(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  std::vector<engine::VersionRecord> proposals = co_await context.services.workflows.versions(who.brand, workflow.no);
  const bool open_only = request.query_value("open") == "true";
  std::erase_if(proposals, [&](const engine::VersionRecord& version) {
    return !was_proposed(version) || (open_only && !version.decision.empty());
  });
  co_return versions_answer("proposals", workflow, proposals);
}

Answer adopt_proposal(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  FoundProposal found = co_await proposal_to_decide(context, who, workflow, request.param("n"));
  if (found.refusal) co_return *std::move(found.refusal);
  const std::shared_ptr<engine::LiveVersion> draft = co_await context.services.workflows.version(found.draft.no);
  std::optional<base::http::Response> unlicensed;
  base::Findings of_org;
  if (draft) {
    unlicensed = refuse_without_license(context, who, draft->definition);
    std::vector<std::string> nothing_left_out;
    if (!unlicensed) of_org = co_await org_findings(context, workflow, draft->definition, std::move(nothing_left_out));
  }
  if (unlicensed) co_return *std::move(unlicensed);
  if (base::has_errors(of_org)) co_return problem(of_org);
  engine::Pushed outcome = co_await context.services.authoring.adopt(who.user, workflow, std::move(found.draft));
  co_return co_await pushed_answer(context, who, workflow, std::move(outcome), std::move(of_org));
}

Answer decline_proposal(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  FoundProposal found = co_await proposal_to_decide(context, who, workflow, request.param("n"));
  if (found.refusal) co_return *std::move(found.refusal);
  const int number = found.draft.number;
  const bool declined = co_await context.services.authoring.decline(who.user, workflow, std::move(found.draft));
  if (!declined) co_return problem(409, engine::proposal_decided.name, "it was decided before");
  const std::optional<engine::VersionRecord> now =
      co_await context.services.workflows.version_numbered(who.brand, workflow.no, number);
  context.services.notice_courier.ring();
  base::JsonWriter json;
  write_version(json, workflow, *now);
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
