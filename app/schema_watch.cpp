#include "app/schema_watch.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/services.hpp"
#include "connectors/salesforce/errors.hpp"
#include "connectors/salesforce/org_drift.hpp"
#include "tasks/field_places.hpp"
#include "tasks/org_needs.hpp"

namespace app {

namespace {

using connectors::salesforce::DriftWeight;
using connectors::salesforce::OrgSnapshot;
using connectors::salesforce::RememberedObject;
using connectors::salesforce::SchemaDrift;

OrgSnapshot snapshot_of(const std::string& object, std::string description) {
  OrgSnapshot snapshot;
  snapshot.objects[object] = std::move(description);
  return snapshot;
}

// " (/tasks/comment/with/fields/Comment__c)": the lines of the mapping that the change concerns.
std::string mapping_lines(const engine::WorkflowDefinition& definition, const std::string& alias,
                          const SchemaDrift& drift) {
  std::vector<std::string> lines;
  for (const engine::TaskDefinition& task : definition.tasks) {
    if (task.account != alias) continue;
    std::vector<std::string> places = tasks::places_of(task, drift.object, drift.field);
    std::move(places.begin(), places.end(), std::back_inserter(lines));
  }
  return lines.empty() ? "" : fmt::format(" ({})", fmt::join(lines, ", "));
}

std::string told(const std::vector<SchemaDrift>& drifts, const engine::WorkflowDefinition& definition,
                 const std::string& alias) {
  std::string sentences;
  for (const SchemaDrift& drift : drifts) {
    if (drift.weight == DriftWeight::harmless) continue;
    sentences +=
        fmt::format("{}{}{}{} {}{}", sentences.empty() ? "" : "; ", drift.object, drift.field.empty() ? "" : ".",
                    drift.field, drift.what, mapping_lines(definition, alias, drift));
  }
  return sentences;
}

engine::Notice notice_for(const std::string& recipient, const engine::Workflow& workflow, const std::string& account,
                          DriftWeight weight, const std::string& sentences, const std::string& fingerprint) {
  engine::Notice notice{.recipient = recipient, .kind = engine::NoticeKind::org_schema_changed, .subject = workflow.id};
  notice.account = account;
  notice.message = fmt::format(
      "the org of '{}' has changed: {}. {}", workflow.name, sentences,
      weight == DriftWeight::breaking ? "The runs that need it wait until it is back" : "Some answers may be refused");
  notice.dedup_key = fmt::format("org_schema_changed:{}:{}:{}", account, workflow.id, fingerprint);
  return notice;
}

}  // namespace

base::awaitable<void> SchemaWatch::run(base::Duration every) {
  base::Bell bell(services_.clock);
  for (;;) {
    co_await bell.wait_until(services_.clock.now() + every);
    try {
      co_await look();
    } catch (const std::exception& error) {
      services_.log.error("orgs were not looked at", {{"what", error.what()}});
    }
  }
}

base::awaitable<void> SchemaWatch::look() {
  const std::vector<RememberedObject> every = co_await services_.schema_memory.all();
  std::map<std::string, engine::BrandId> brands;
  for (const engine::Brand& brand : services_.people.brands()) {
    for (const connectors::LinkedAccount& account : services_.accounts.list(brand.id)) brands[account.id] = brand.no;
  }
  for (const RememberedObject& remembered : every) {
    const auto brand = brands.find(remembered.account);
    if (brand == brands.end())
      co_await services_.schema_memory.forget(remembered.account);
    else
      co_await look_at(brand->second, remembered);
  }
}

base::awaitable<void> SchemaWatch::look_at(engine::BrandId brand, RememberedObject remembered) {
  // An account that is not used costs its org nothing.
  if (services_.bindings.dependants(brand, remembered.account).empty()) co_return;
  connectors::salesforce::CallOptions options;
  base::Result<base::JsonText> describe =
      co_await services_.salesforce.describe(remembered.account, remembered.object, std::move(options));
  OrgSnapshot now;
  if (describe) {
    base::Result<std::string> kept = connectors::salesforce::kept_description(describe->text);
    if (!kept) co_return;
    now = snapshot_of(remembered.object, *std::move(kept));
  } else if (!connectors::salesforce::says_not_found(describe.error())) {
    co_return;
  }
  OrgSnapshot before = snapshot_of(remembered.object, remembered.description);
  const bool is_the_same = before.fingerprint() == now.fingerprint();
  if (!is_the_same) {
    OrgSnapshot changed = now;
    if (co_await tell_those_concerned(brand, remembered.account, std::move(before), std::move(changed))) co_return;
    if (describe) co_await services_.schema_memory.keep(remembered.account, remembered.object, describe->text);
  }
  std::vector<std::string> keys{engine::schema_key(remembered.account, remembered.object)};
  co_await services_.lift(brand, std::move(keys));
}

base::awaitable<bool> SchemaWatch::tell_those_concerned(engine::BrandId brand, std::string account, OrgSnapshot before,
                                                        OrgSnapshot now) {
  bool breaks = false;
  std::vector<engine::Notice> notices;
  for (const engine::Bindings::Dependant& dependant : services_.bindings.dependants(brand, account)) {
    const engine::Workflow& workflow = *dependant.workflow;
    if (!workflow.enabled || workflow.removed) continue;
    const std::shared_ptr<engine::LiveVersion> version = co_await services_.workflows.version(workflow.version_no);
    if (!version) continue;
    const std::vector<SchemaDrift> drifts = connectors::salesforce::drift_between(
        before, now, tasks::org_needs(version->definition, dependant.binding.alias));
    if (drifts.empty() || drifts.front().weight == DriftWeight::harmless) continue;
    breaks = breaks || drifts.front().weight == DriftWeight::breaking;
    const std::optional<engine::Project> project = services_.people.project(brand, workflow.project);
    const std::string sentences = told(drifts, version->definition, dependant.binding.alias);
    const std::set<std::string> recipients{project ? project->owner : workflow.creator, workflow.creator};
    for (const std::string& recipient : recipients)
      notices.push_back(notice_for(recipient, workflow, account, drifts.front().weight, sentences, now.fingerprint()));
  }
  if (!notices.empty()) {
    if (told_.insert(account + now.fingerprint()).second)
      services_.log.warning("an org has changed under mappings in use", {{"account", account}});
    co_await services_.notices.post(brand, std::move(notices));
    services_.notice_courier.ring();
  }
  co_return breaks;
}

}  // namespace app
