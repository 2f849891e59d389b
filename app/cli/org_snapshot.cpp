// `sluice org snapshot`: an org's schema as files, for `validate --org`.
#include <algorithm>
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/account_client.hpp"
#include "app/cli/account_option.hpp"
#include "app/cli/org_use.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"
#include "app/loop_run.hpp"
#include "connectors/accounts/account_file.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "tasks/errors.hpp"

namespace app::cli {
namespace {

using connectors::salesforce::ObjectNeed;
using connectors::salesforce::OrgNeeds;
using connectors::salesforce::OrgSnapshot;

struct SnapshotArguments {
  std::vector<std::string> workflows{};
  std::vector<std::string> objects{};
  std::optional<AccountFile> account{};
  std::string folder = "org";
  std::string api_version = "60.0";
  bool all = false;
  bool json = false;
};

base::awaitable<base::Result<OrgSnapshot>> take(AccountClient& account, const SnapshotArguments& arguments,
                                                OrgNeeds needs) {
  if (arguments.all) {
    base::Result<OrgNeeds> all = co_await connectors::salesforce::all_objects(account.client(), account.account_id());
    if (!all) co_return all.error();
    for (ObjectNeed& need : all->objects) needs.add(std::move(need));
  }
  co_return co_await connectors::salesforce::take_org_snapshot(account.client(), account.account_id(),
                                                               arguments.api_version, std::move(needs),
                                                               connectors::salesforce::IfObjectIsGone::leave_out);
}

// What the org does not have, or not for the account's user.
std::vector<std::string> absent_objects(const std::vector<std::string>& wanted, const OrgSnapshot& snapshot) {
  std::vector<std::string> absent;
  for (const std::string& name : wanted) {
    const bool is_there = std::any_of(snapshot.objects.begin(), snapshot.objects.end(), [&](const auto& one) {
      return connectors::salesforce::same_api_name(one.first, name);
    });
    if (!is_there) absent.push_back(name);
  }
  return absent;
}

void tell_snapshot(const OrgSnapshot& snapshot, const std::vector<std::string>& absent,
                   const SnapshotArguments& arguments) {
  if (arguments.json) {
    nlohmann::ordered_json document{{"folder", arguments.folder},
                                    {"org_id", snapshot.org_id},
                                    {"environment", snapshot.environment},
                                    {"fingerprint", snapshot.fingerprint()},
                                    {"objects", nlohmann::ordered_json::array()}};
    for (const auto& [name, description] : snapshot.objects) document["objects"].push_back(name);
    document["not_there"] = absent;
    std::cout << document.dump() << std::endl;
    return;
  }
  std::cout << fmt::format(
      "{}: {} of org {} ({})\n", arguments.folder,
      snapshot.objects.size() == 1 ? "1 object" : fmt::format("{} objects", snapshot.objects.size()), snapshot.org_id,
      snapshot.environment);
  for (const auto& [name, description] : snapshot.objects) std::cout << "  objects/" << name << ".json\n";
  for (const std::string& name : absent) std::cout << "  not there: " << name << "\n";
  if (!absent.empty())
    std::cout << fmt::format("Write what is missing: sluice org package --org {} WORKFLOW\n", arguments.folder);
  std::cout << fmt::format("Check workflows against it, offline: sluice validate --org {} workflow.json\n",
                           arguments.folder);
}

int save_snapshot(const SnapshotArguments& arguments) {
  if (arguments.workflows.empty() && arguments.objects.empty() && !arguments.all) {
    std::cerr << "sluice: give workflow files, --object or --all\n";
    return Exit::usage;
  }
  connectors::AccountFile file = connectors::read_account_file(arguments.account->path);
  if (!file.account) {
    print_findings(file.findings, arguments.json);
    return Exit::bad_input;
  }
  std::optional<OrgNeeds> needs = org_needs_of(arguments.workflows, arguments.account->alias, arguments.json);
  if (!needs) return Exit::bad_input;
  for (const std::string& object : arguments.objects) {
    ObjectNeed need;
    need.object = object;
    needs->add(std::move(need));
  }
  if (needs->empty() && !arguments.all) {
    print_error({workflow_without_account,
                 fmt::format("no task of these workflows names the account '{}'", arguments.account->alias)},
                arguments.json);
    return Exit::bad_input;
  }
  std::vector<std::string> wanted;
  for (const ObjectNeed& need : needs->objects) wanted.push_back(need.object);
  boost::asio::io_context loop(1);
  AccountClient account(loop, *std::move(file.account), arguments.api_version);
  base::Result<OrgSnapshot> snapshot = run_on(loop, take(account, arguments, *std::move(needs)));
  if (!snapshot) {
    print_error(snapshot.error(), arguments.json);
    return Exit::failed;
  }
  const std::vector<std::string> absent = absent_objects(wanted, *snapshot);
  // A workflow may need what is yet to be added; who names an object wants that one.
  const std::vector<std::string> missed = absent_objects(arguments.objects, *snapshot);
  if (!missed.empty()) {
    print_error({tasks::mapping_object_unknown,
                 fmt::format("the org has no object {} that the account's user may see", fmt::join(missed, ", "))},
                arguments.json);
    return Exit::failed;
  }
  snapshot->taken_at = base::to_iso8601(base::SystemClock(loop).now());
  connectors::salesforce::write_org_snapshot(*snapshot, arguments.folder);
  tell_snapshot(*snapshot, absent, arguments);
  return Exit::fine;
}

}  // namespace

void add_org_snapshot(VerbGroup& org) {
  auto verb = org.verb("snapshot", "save an org's schema as files, for validate --org; reads no record", save_snapshot);
  verb.optional_arguments("WORKFLOW", verb->workflows, "workflow files: the objects of their tasks on the account");
  take_account(verb, verb->account, "ALIAS=FILE: the org, as the account that tasks name ALIAS");
  verb.required();
  verb.repeatable(
      "--object",
      [objects = &verb->objects](const std::string& text) {
        objects->push_back(text);
        return std::string();
      },
      "one more object (repeatable)");
  verb.flag("--all", verb->all, "every object that can be queried or written");
  verb.option("-o,--output", verb->folder, "folder that gets org.json and objects/");
  verb.option("--api-version", verb->api_version, "Salesforce API version");
  take_json(verb, verb->json);
}

}  // namespace app::cli
