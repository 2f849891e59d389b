#include "app/cli/command_line.hpp"

#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "base/sql/database.hpp"

namespace app::cli {
namespace {

// `crm=accounts/crm.json`
AccountFile read_account_argument(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
    throw CLI::ValidationError("--account", "'" + text + "' is no ALIAS=FILE, e.g. crm=accounts/crm.json");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void take_accounts(CLI::App& verb, std::vector<AccountFile>& accounts) {
  verb.add_option_function<std::vector<std::string>>(
          "--account",
          [&accounts](const std::vector<std::string>& given) {
            for (const std::string& text : given) accounts.push_back(read_account_argument(text));
          },
          "ALIAS=FILE: the account that tasks name ALIAS, described in FILE (repeatable)")
      ->expected(1, -1)
      ->allow_extra_args(false);
}

void take_json(CLI::App& verb, bool& json) { verb.add_flag("--json", json, "one valid JSON document on stdout"); }

void take_server(CLI::App& verb, ServerArguments& at) {
  verb.add_option("--server", at.server, "URL of a running server")->envname("SLUICE_SERVER");
  verb.add_option("--token", at.token, "API token")->envname("SLUICE_TOKEN");
  verb.add_option("--data", at.data, "data directory: says where its server is, or is read when nobody owns it")
      ->envname("SLUICE_DATA")
      ->capture_default_str();
}

// Parsed arguments, and the verb that was asked for.
struct CommandLine {
  CLI::App program{"Sluice carries survey responses into Salesforce.", "sluice"};
  ServeArguments serve_arguments;
  OrgServeArguments org_arguments;
  DemoArguments demo_arguments;
  NewArguments new_arguments;
  ValidateArguments validate_arguments;
  TestArguments test_arguments;
  RunArguments run_arguments;
  RunsListArguments list_arguments;
  RunsShowArguments show_arguments;
  GraphArguments graph_arguments;
  SchemaArguments schema_arguments;
  ExplainArguments explain_arguments;
  std::function<int()> chosen;

  CommandLine() {
    program.require_subcommand(1);
    program.set_version_flag("--version", "sluice 0.1.0");
    program.footer(
        "Exit codes: 0 fine, 1 failed, 64 usage, 65 bad input, 69 unavailable, 75 try again, 77 not allowed, 78 "
        "configuration.\n"
        "Settings: flag > environment (SLUICE_…) > default.");
    add_authoring_verbs();
    add_running_verbs();
    add_org_verbs();
  }

  template <class Arguments>
  CLI::App& verb(CLI::App& parent, const char* name, const char* what, Arguments& arguments,
                 int (*function)(const Arguments&)) {
    CLI::App* made = parent.add_subcommand(name, what);
    made->callback([this, &arguments, function] { chosen = [&arguments, function] { return function(arguments); }; });
    return *made;
  }

  void add_authoring_verbs() {
    CLI::App& create = verb(program, "new", "a folder with workflow, response and a passing test to start from",
                            new_arguments, new_folder);
    create.add_option("NAME", new_arguments.name, "the folder to make")->required();

    CLI::App& check = verb(program, "validate", "check workflow files, offline: every fault with its place",
                           validate_arguments, validate);
    check.add_option("FILE", validate_arguments.files, "workflow files")->required();
    take_json(check, validate_arguments.json);

    CLI::App& tests = verb(program, "test", "run the mapping tests of a folder on a local org", test_arguments, test);
    tests.add_option("DIR", test_arguments.directory, "a folder; its *.test.json are run, also those below it")
        ->required();
    take_json(tests, test_arguments.json);

    CLI::App& picture = verb(program, "graph", "a workflow's picture", graph_arguments, graph);
    picture.add_option("WORKFLOW", graph_arguments.workflow, "a workflow file")->required();
    picture.add_option("--format", graph_arguments.format, "mermaid, dot or svg (svg needs Graphviz)")
        ->check(CLI::IsMember({"mermaid", "dot", "svg"}))
        ->capture_default_str();
    picture.add_option("-o,--output", graph_arguments.output, "write to this file");

    CLI::App& show =
        verb(program, "schema", "print a JSON Schema by name; without a name, the list", schema_arguments, schema);
    show.add_option("NAME", schema_arguments.name, "e.g. workflow");

    CLI::App& page = verb(program, "explain", "what an error code means and what to do; without a code, the list",
                          explain_arguments, explain);
    page.add_option("CODE", explain_arguments.code, "e.g. account_not_linked");
  }

  void add_running_verbs() {
    CLI::App& show =
        verb(program, "demo", "everything at once on a local org, no account needed", demo_arguments, demo);
    show.add_option("--dir", demo_arguments.directory, "keep the demo's files in this folder");
    take_json(show, demo_arguments.json);

    CLI::App& once = verb(program, "run", "one run, here and now, its history printed", run_arguments, run);
    once.add_option("WORKFLOW", run_arguments.workflow, "a workflow file")->required();
    once.add_option("--response", run_arguments.response, "a survey response as the response API gives it")->required();
    take_accounts(once, run_arguments.accounts);
    once.add_option("--data", run_arguments.data, "data directory that keeps the history")
        ->envname("SLUICE_DATA")
        ->capture_default_str();
    once.add_option("--api-version", run_arguments.api_version, "Salesforce API version")->capture_default_str();
    take_json(once, run_arguments.json);

    CLI::App& server = verb(program, "serve", "the server: takes responses and runs workflows", serve_arguments, serve);
    server
        .add_option("--workflows", serve_arguments.workflows, "folder of workflow files, read at start and on SIGHUP")
        ->required();
    take_accounts(server, serve_arguments.accounts);
    server.add_option("--data", serve_arguments.data, "data directory")->envname("SLUICE_DATA")->capture_default_str();
    server.add_option("--port", serve_arguments.port, "0: any free one")->envname("SLUICE_PORT")->capture_default_str();
    server.add_option("--address", serve_arguments.address, "address to listen on")
        ->envname("SLUICE_ADDRESS")
        ->capture_default_str();
    server
        .add_option("--survey-platform", serve_arguments.survey_platform,
                    "file with base URL, API token and shared key of the survey platform")
        ->envname("SLUICE_SURVEY_PLATFORM");
    server.add_option("--api-version", serve_arguments.api_version, "Salesforce API version")->capture_default_str();
    server.add_option("--runs-in-flight", serve_arguments.runs_in_flight, "runs worked on at once; more are queued")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    server.add_flag("--verbose", serve_arguments.verbose, "log more");
    take_json(server, serve_arguments.json);

    CLI::App* runs = program.add_subcommand("runs", "runs of a server or of a data directory");
    runs->require_subcommand(1);
    CLI::App& list =
        verb(*runs, "list", "runs, newest first; or accepted events that started none", list_arguments, runs_list);
    take_server(list, list_arguments.at);
    list.add_flag("--not-started", list_arguments.not_started, "accepted events that started no run, and why");
    list.add_option("--state", list_arguments.state, "only runs in this state");
    list.add_option("--limit", list_arguments.limit, "at most so many")
        ->check(CLI::Range(1, 500))
        ->capture_default_str();
    take_json(list, list_arguments.json);
    CLI::App& one =
        verb(*runs, "show", "one run: its graph, attempts, verdicts, requests and records", show_arguments, runs_show);
    one.add_option("RUN", show_arguments.run, "run id")->required();
    take_server(one, show_arguments.at);
    take_json(one, show_arguments.json);
  }

  void add_org_verbs() {
    CLI::App* org = program.add_subcommand("org", "a Salesforce-compatible org on this machine");
    org->require_subcommand(1);
    CLI::App& server = verb(*org, "serve", "serve the local org until interrupted", org_arguments, org_serve);
    server.add_option("--port", org_arguments.port, "0: any free one")->capture_default_str();
    server.add_option("--address", org_arguments.address, "address to listen on")->capture_default_str();
    server.add_option("--file", org_arguments.file, "keep the records in this file")->capture_default_str();
    server.add_option("--environment", org_arguments.environment, "production or sandbox")
        ->check(CLI::IsMember({"production", "sandbox"}))
        ->capture_default_str();
    server.add_option("--org-id", org_arguments.org_id, "fix the org's id");
    server.add_option("--client-id", org_arguments.client_id, "fix the client id");
    server.add_option("--client-secret", org_arguments.client_secret, "fix the client secret");
    server.add_option("--username", org_arguments.username, "fix the user's name");
    server.add_option("--password", org_arguments.password, "fix the password");
    server.add_option("--access-token", org_arguments.access_token, "fix the first access token");
    server.add_flag("--rotate-refresh-tokens", org_arguments.rotate_refresh_tokens,
                    "each refresh gives a new refresh token");
    server.add_option("--tls-certificate", org_arguments.certificate, "PEM file; with --tls-key: serve https");
    server.add_option("--tls-key", org_arguments.key, "PEM file");
    take_json(server, org_arguments.json);
  }
};

}  // namespace

int run(int argc, char** argv) {
  CommandLine line;
  try {
    line.program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = line.program.exit(error);
    return code == 0 ? Exit::fine : Exit::usage;
  }
  try {
    return line.chosen();
  } catch (const base::sql::DatabaseError& error) {
    std::cerr << "sluice: the database gave up: " << error.what() << "\n";
    return Exit::unavailable;
  } catch (const std::exception& error) {
    std::cerr << "sluice: " << error.what() << "\n";
    return Exit::failed;
  }
}

}  // namespace app::cli
