// `sluice org drift`: what has changed in an org since its schema was saved.
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/account_client.hpp"
#include "app/cli/account_option.hpp"
#include "app/cli/org_use.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/loop_run.hpp"
#include "connectors/accounts/account_file.hpp"
#include "connectors/salesforce/org_drift.hpp"

namespace app::cli {
namespace {

using connectors::salesforce::DriftWeight;
using connectors::salesforce::ObjectNeed;
using connectors::salesforce::OrgNeeds;
using connectors::salesforce::OrgSnapshot;
using connectors::salesforce::SchemaDrift;

struct DriftArguments {
  std::vector<std::string> workflows{};
  std::optional<AccountFile> account{};
  std::string folder = "org";
  std::string api_version = "60.0";
  bool json = false;
};

Ink ink_of(DriftWeight weight) {
  if (weight == DriftWeight::breaking) return Ink::red;
  return weight == DriftWeight::narrowing ? Ink::yellow : Ink::plain;
}

void tell_drift(const std::vector<SchemaDrift>& drifts, const DriftArguments& arguments) {
  if (arguments.json) {
    nlohmann::ordered_json document{{"folder", arguments.folder}, {"drift", nlohmann::ordered_json::array()}};
    for (const SchemaDrift& drift : drifts)
      document["drift"].push_back({{"weight", connectors::salesforce::to_string(drift.weight)},
                                   {"object", drift.object},
                                   {"field", drift.field},
                                   {"what", drift.what}});
    std::cout << document.dump() << std::endl;
    return;
  }
  if (drifts.empty()) {
    std::cout << "The org is as " << arguments.folder << " has it.\n";
    return;
  }
  Table table({"WEIGHT", whole("OBJECT"), whole("FIELD"), "WHAT"});
  for (const SchemaDrift& drift : drifts)
    table.row({{std::string(connectors::salesforce::to_string(drift.weight)), ink_of(drift.weight)},
               drift.object,
               drift.field,
               drift.what});
  std::cout << table.draw(this_terminal()) << std::flush;
}

base::awaitable<base::Result<OrgSnapshot>> take_now(AccountClient& account, const DriftArguments& arguments,
                                                    OrgNeeds needs) {
  co_return co_await connectors::salesforce::take_org_snapshot(account.client(), account.account_id(),
                                                               arguments.api_version, std::move(needs),
                                                               connectors::salesforce::IfObjectIsGone::leave_out);
}

int compare(const DriftArguments& arguments, connectors::LinkedAccount account, const OrgSnapshot& before,
            const OrgNeeds& in_use) {
  OrgNeeds asked;
  for (const auto& [name, description] : before.objects) {
    ObjectNeed need;
    need.object = name;
    asked.add(std::move(need));
  }
  boost::asio::io_context loop(1);
  AccountClient client(loop, std::move(account), arguments.api_version);
  const base::Result<OrgSnapshot> now = run_on(loop, take_now(client, arguments, std::move(asked)));
  if (!now) {
    print_error(now.error(), arguments.json);
    return Exit::failed;
  }
  if (now->org_id != before.org_id && !arguments.json)
    std::cerr << fmt::format("sluice: {} was saved of org {}, and this is org {}\n", arguments.folder, before.org_id,
                             now->org_id);
  const std::vector<SchemaDrift> drifts = connectors::salesforce::drift_between(before, *now, in_use);
  tell_drift(drifts, arguments);
  const bool is_harmless = drifts.empty() || drifts.front().weight == DriftWeight::harmless;
  return is_harmless ? Exit::fine : Exit::changes_planned;
}

int find_drift(const DriftArguments& arguments) {
  connectors::AccountFile file = connectors::read_account_file(arguments.account->path);
  connectors::salesforce::OrgSnapshotReading before = connectors::salesforce::read_org_snapshot(arguments.folder);
  const std::optional<OrgNeeds> in_use = org_needs_of(arguments.workflows, arguments.account->alias, arguments.json);
  if (!file.account || !before.snapshot || !in_use) {
    base::Findings faults = std::move(file.findings);
    std::move(before.findings.begin(), before.findings.end(), std::back_inserter(faults));
    if (in_use) print_findings(faults, arguments.json);
    return Exit::bad_input;
  }
  return compare(arguments, *std::move(file.account), *before.snapshot, *in_use);
}

}  // namespace

void add_org_drift(VerbGroup& org) {
  auto verb =
      org.verb("drift",
               "what has changed in an org since its schema was saved, and what of it the workflows would meet; "
               "exit 2 when something is breaking or narrowing",
               find_drift);
  verb.optional_arguments("WORKFLOW", verb->workflows, "workflow files whose mappings are in use");
  take_account(verb, verb->account, "ALIAS=FILE: the org, as the account that tasks name ALIAS");
  verb.required();
  verb.option("--org", verb->folder, "the saved schema");
  verb.option("--api-version", verb->api_version, "Salesforce API version");
  take_json(verb, verb->json);
}

}  // namespace app::cli
