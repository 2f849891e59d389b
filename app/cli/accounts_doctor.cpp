#include "app/cli/accounts_doctor.hpp"

#include <iostream>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "app/account_client.hpp"
#include "app/cli/account_option.hpp"
#include "app/cli/doctor_picture.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/range_option.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/doctor_document.hpp"
#include "app/errors.hpp"
#include "app/loop_run.hpp"
#include "base/json_document.hpp"
#include "connectors/accounts/account_file.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"
#include "tasks/org_needs.hpp"

namespace app::cli {
namespace {

struct DoctorArguments : ServerVerb {
  std::string account{};              // on a server: name or id
  std::optional<AccountFile> file{};  // instead of an account of a server
  std::string workflow{};             // name or id; without a server, its file
  base::IpRanges egress{};
  std::string api_version = "60.0";
  bool strict = false;
  bool junit = false;
};

int tell_findings(const DoctorArguments& arguments, const base::JsonText& document, const std::string& name) {
  if (arguments.json)
    std::cout << document.text << std::endl;
  else if (arguments.junit)
    std::cout << doctor_junit(document, name) << std::flush;
  else
    std::cout << doctor_picture(document, {.width = terminal_columns(), .has_colour = wants_colour()}) << std::flush;
  return doctor_exit(document, arguments.strict);
}

int examine_on_server(ServerClient& server, const DoctorArguments& arguments) {
  nlohmann::ordered_json body = nlohmann::ordered_json::object();
  if (!arguments.workflow.empty()) body["workflow"] = id_of(server, resource::workflows, arguments.workflow);
  const std::string id = id_of(server, resource::accounts, arguments.account);
  const base::JsonText document = server.post(path_of({"accounts", id, "doctor"}), body);
  return tell_findings(arguments, document, arguments.account);
}

base::awaitable<std::vector<connectors::salesforce::Check>> examine_here(boost::asio::io_context& loop,
                                                                         connectors::LinkedAccount account,
                                                                         connectors::salesforce::OrgNeeds needs,
                                                                         const DoctorArguments& arguments) {
  connectors::salesforce::Patient patient = connectors::salesforce::patient_of(account, arguments.egress);
  AccountClient way(loop, std::move(account), arguments.api_version);
  co_return co_await connectors::salesforce::examine(way.client(), std::move(patient), std::move(needs));
}

// What the workflow file needs of the alias; nullopt, and its faults are printed, when it is not sound.
std::optional<connectors::salesforce::OrgNeeds> needs_of_file(const DoctorArguments& arguments,
                                                              const std::string& alias) {
  if (arguments.workflow.empty()) return connectors::salesforce::OrgNeeds{};
  const engine::Catalog catalog = tasks::make_catalog({});
  engine::DefinitionCheck check = engine::check_definition(base::JsonDocument::read_file(arguments.workflow), catalog);
  if (!check.definition) {
    print_findings(check.findings, arguments.json);
    return std::nullopt;
  }
  connectors::salesforce::OrgNeeds needs = tasks::org_needs(*check.definition, alias);
  if (needs.empty()) {
    print_error({workflow_without_account, "no task of " + arguments.workflow + " names the account '" + alias + "'"},
                arguments.json);
    return std::nullopt;
  }
  return needs;
}

int examine_file(const DoctorArguments& arguments) {
  const AccountFile& given = *arguments.file;
  connectors::AccountFile check = connectors::read_account_file(given.path);
  if (!check.account) {
    print_findings(check.findings, arguments.json);
    return Exit::bad_input;
  }
  std::optional<connectors::salesforce::OrgNeeds> needs = needs_of_file(arguments, given.alias);
  if (!needs) return Exit::bad_input;
  boost::asio::io_context loop(1);
  const std::vector<connectors::salesforce::Check> checks =
      run_on(loop, examine_here(loop, *std::move(check.account), *std::move(needs), arguments));
  return tell_findings(arguments, doctor_document(checks, arguments.egress), given.alias);
}

int examine_account(const DoctorArguments& arguments) {
  if (arguments.account.empty() == !arguments.file) {
    std::cerr << "sluice: name an account of a server, or give one file as --account ALIAS=FILE\n";
    return Exit::usage;
  }
  if (arguments.file) return examine_file(arguments);
  return with_server(arguments, [&](ServerClient& server) { return examine_on_server(server, arguments); });
}

}  // namespace

void add_accounts_doctor(VerbGroup& accounts) {
  auto verb = accounts.verb("doctor", "asks the org, read-only, what it lacks for the account; one line a requirement",
                            examine_account);
  verb.optional_argument("ACCOUNT", verb->account, "name or id of an account of a server");
  take_account(verb, verb->file, "ALIAS=FILE: instead, an account of a file; tasks name it ALIAS");
  verb.option("--workflow", verb->workflow, "also what this workflow needs: its name or id; with --account, its file");
  verb.repeatable("--egress", take_ranges(verb->egress),
                  "with --account: CIDR from which this machine reaches "
                  "Salesforce (repeatable)");
  verb.option("--api-version", verb->api_version, "with --account: Salesforce API version");
  verb.flag("--strict", verb->strict, "exit 3 when something cannot be told");
  verb.flag("--junit", verb->junit, "a JUnit report on stdout");
  take_json(verb, verb->json);
  take_server(verb, verb->at);
}

}  // namespace app::cli
