// `sluice workflows`: the workflows that a server holds, and what their aliases are bound to.
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/project_transfer.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/cli/workflow_push.hpp"

namespace app::cli {
namespace {

struct WorkflowArguments : ServerVerb {
  std::string workflow{};
  std::string name{};
  std::string project{};
  std::string output{};
  std::vector<std::string> aliases{};
  int version = 0;
  int proposal = 0;
  bool only_enabled = false;
};

std::string path_of_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  return path_of({"workflows", id_of(server, resource::workflows, arguments.workflow)});
}

std::string words_of_state(const Tree& workflow) { return is_set(workflow, "enabled") ? "✓ enabled" : "– disabled"; }

int list_workflows(ServerClient& server, const WorkflowArguments& arguments) {
  std::string path = "/workflows";
  if (!arguments.project.empty()) path += "?project=" + id_of(server, resource::projects, arguments.project);
  if (arguments.only_enabled) path += std::string(path.ends_with("workflows") ? "?" : "&") + "enabled=true";
  const base::JsonText document = server.all(path, "workflows");
  const Tree list = tree_of(document);
  NameBook names(server);
  Table table({"NAME", "PROJECT", whole("STATE"), "VERSION", "BINDINGS", whole("ID")});
  for (const Tree& workflow : member(list, "workflows")) {
    std::vector<std::string> bound;
    for (const auto& [alias, account] : member(workflow, "bindings").items())
      bound.push_back(alias + "=" + names.name_of(account.is_string() ? account.get<std::string>() : ""));
    table.row({text_in(workflow, "name"),
               names.name_of(text_in(workflow, "project")),
               {words_of_state(workflow), is_set(workflow, "enabled") ? Ink::green : Ink::dim},
               text_in(workflow, "version"),
               fmt::format("{}", fmt::join(bound, ", ")),
               text_in(workflow, "id")});
  }
  return tell(arguments, document,
              table.empty() ? "No workflows. Push one: sluice workflows push FILE --project PROJECT"
                            : table.draw(this_terminal()));
}

// What the gate says of each Salesforce task, so that nobody has to start a run to find out.
std::string gate_table(ServerClient& server, const std::string& path) {
  const ServerAnswer answer = server.send("GET", path + "/gate");
  if (answer.status != 200) return "";
  const Tree gate = tree_of(answer.document);
  Table table({"TASK", "ALIAS", "ACCOUNT", whole("ENVIRONMENT"), whole("ORG"), whole("VERDICT")});
  for (const Tree& task : member(gate, "tasks")) {
    const Tree& verdict = member(task, "verdict");
    const Tree& diagnosis = member(task, "diagnosis");
    const bool may_run = is_set(verdict, "allowed");
    const std::string code = text_in(verdict, "code");
    table.row({text_in(task, "task"),
               text_in(task, "alias"),
               text_in(diagnosis, "account"),
               text_in(diagnosis, "environment"),
               text_in(diagnosis, "org_id"),
               {may_run ? "✓ may run" : "✗ " + code, may_run ? Ink::green : Ink::yellow}});
  }
  return table.empty() ? "" : "\n" + table.draw(this_terminal(), "  ");
}

int show_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  const std::string path = path_of_workflow(server, arguments);
  const base::JsonText document = server.get(path);
  const Tree workflow = tree_of(document);
  NameBook names(server);
  std::vector<std::string> bound;
  for (const auto& [alias, account] : member(workflow, "bindings").items())
    bound.push_back(alias + "=" + names.name_of(account.is_string() ? account.get<std::string>() : ""));
  return tell(
      arguments, document,
      text_in(workflow, "name") + "\n" +
          draw_facts({{"id", text_in(workflow, "id")},
                      {"state", words_of_state(workflow)},
                      {"version", text_in(workflow, "version")},
                      {"project", names.name_of(text_in(workflow, "project"))},
                      {"creator", names.name_of(text_in(workflow, "creator"))},
                      {"file", text_in(workflow, "file")},
                      {"hook", text_in(workflow, "hook").empty() ? "" : server.url() + text_in(workflow, "hook")},
                      {"bindings", bound.empty() ? "none" : fmt::format("{}", fmt::join(bound, ", "))}}) +
          gate_table(server, path));
}

int pull_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  std::string path = path_of_workflow(server, arguments) + "/document";
  if (arguments.version > 0) path += fmt::format("?version={}", arguments.version);
  const base::JsonText document = server.get(path);
  if (arguments.output.empty())
    std::cout << document.text << std::flush;  // byte for byte: it may be a file's content
  else
    write_text_file(arguments.output, document.text);
  return Exit::fine;
}

int enable_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  const base::JsonText document = server.post(path_of_workflow(server, arguments) + "/enable", Tree::object());
  const std::string hook = text_in(tree_of(document), "hook");
  return tell(arguments, document,
              fmt::format("{} is enabled.{}", arguments.workflow,
                          hook.empty() ? "" : " Responses go to " + server.url() + hook));
}

int disable_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  const base::JsonText document = server.post(path_of_workflow(server, arguments) + "/disable", Tree::object());
  return tell(arguments, document,
              fmt::format("{} is disabled: responses start no run; runs under way go on.", arguments.workflow));
}

int show_history(ServerClient& server, const WorkflowArguments& arguments) {
  const base::JsonText document = server.all(path_of_workflow(server, arguments) + "/versions", "versions");
  const Tree list = tree_of(document);
  NameBook names(server);
  Table table({"VERSION", whole("WHEN"), "BY", "MESSAGE", whole("STATE")});
  for (const Tree& version : member(list, "versions")) {
    const bool is_live = is_set(version, "live");
    const std::string decision = text_in(version, "decision");
    table.row({text_in(version, "number"),
               day_and_minute(text_in(version, "created_at")),
               names.name_of(text_in(version, "author")),
               text_in(version, "message"),
               {is_live            ? "live"
                : decision.empty() ? text_in(version, "kind")
                                   : decision,
                is_live ? Ink::green : Ink::dim}});
  }
  return tell(arguments, document, table.empty() ? "No versions." : table.draw(this_terminal()));
}

int list_proposals(ServerClient& server, const WorkflowArguments& arguments) {
  const base::JsonText document = server.all(path_of_workflow(server, arguments) + "/proposals", "proposals");
  const Tree list = tree_of(document);
  NameBook names(server);
  Table table({"PROPOSAL", whole("WHEN"), "BY", "BASE", "MESSAGE", whole("STATE")});
  for (const Tree& proposal : member(list, "proposals")) {
    const std::string decision = text_in(proposal, "decision");
    table.row({text_in(proposal, "number"),
               day_and_minute(text_in(proposal, "created_at")),
               names.name_of(text_in(proposal, "author")),
               text_in(proposal, "base_version"),
               text_in(proposal, "message"),
               {decision.empty() ? "waits for the creator" : decision, decision.empty() ? Ink::yellow : Ink::dim}});
  }
  return tell(arguments, document,
              table.empty() ? "No proposals. One is made by: sluice workflows push FILE --propose"
                            : table.draw(this_terminal()));
}

int copy_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  Tree body = Tree::object();
  if (!arguments.project.empty()) body["project"] = id_of(server, resource::projects, arguments.project);
  if (!arguments.name.empty()) body["name"] = arguments.name;
  const base::JsonText document = server.post(path_of_workflow(server, arguments) + "/copy", body);
  const Tree copy = tree_of(document);
  const std::string id = text_in(copy, "id");
  return tell(arguments, document,
              fmt::format("Copied {0}; you are the creator of {1}, which is not enabled. Bindings to accounts that you "
                          "may not use were left out:\n  sluice workflows show {1}\n",
                          arguments.workflow, id));
}

int adopt_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  const std::string path = path_of_workflow(server, arguments);
  const base::JsonText document =
      arguments.proposal > 0
          ? server.post(path + fmt::format("/proposals/{}/adopt", arguments.proposal), Tree::object())
          : server.post(path + "/adopt", Tree::object());
  return tell(arguments, document,
              arguments.proposal > 0
                  ? fmt::format("Adopted proposal {}: version {} is live.", arguments.proposal,
                                text_in(tree_of(document), "version"))
                  : fmt::format("The live version of {} is your own now; what awaited re-authentication goes on.",
                                arguments.workflow));
}

int decline_proposal(ServerClient& server, const WorkflowArguments& arguments) {
  const base::JsonText document = server.post(
      path_of_workflow(server, arguments) + fmt::format("/proposals/{}/decline", arguments.proposal), Tree::object());
  return tell(arguments, document, fmt::format("Declined proposal {}; the live version stays.", arguments.proposal));
}

int bind_aliases(ServerClient& server, const WorkflowArguments& arguments) {
  const std::string path = path_of_workflow(server, arguments);
  Tree bound = Tree::array();
  std::string text;
  for (const std::string& pair : arguments.aliases) {
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == pair.size())
      throw Refusal(Exit::usage, "usage", fmt::format("'{}' is no ALIAS=ACCOUNT", pair), "e.g. crm='CRM sandbox'");
    const std::string alias = pair.substr(0, equals),
                      account = id_of(server, resource::accounts, pair.substr(equals + 1));
    bound.push_back(tree_of(server.put(path + path_of({"bindings", alias}), {{"account", account}})));
    const std::string released = text_in(bound.back(), "released");
    text += fmt::format("{} means {} now{}.\n", alias, pair.substr(equals + 1),
                        released.empty() || released == "0" ? "" : fmt::format(" · {} held runs go on", released));
  }
  Tree document = Tree::object();
  document["bindings"] = bound;
  return tell(arguments, {document.dump()}, text);
}

int unbind_aliases(ServerClient& server, const WorkflowArguments& arguments) {
  const std::string path = path_of_workflow(server, arguments);
  std::string text;
  for (const std::string& alias : arguments.aliases) {
    server.remove(path + path_of({"bindings", alias}));
    text += fmt::format("{} means no account any more.\n", alias);
  }
  return tell(arguments, {}, text);
}

int rename_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  const base::JsonText document = server.patch(path_of_workflow(server, arguments), {{"name", arguments.name}});
  return tell(arguments, document, fmt::format("{} is called {} now.", arguments.workflow, arguments.name));
}

int remove_workflow(ServerClient& server, const WorkflowArguments& arguments) {
  const base::JsonText document = server.remove(path_of_workflow(server, arguments));
  return tell(arguments, document, fmt::format("Removed {}; its runs stay in the history.", arguments.workflow));
}

void add_looking_verbs(VerbGroup& group) {
  auto list = server_verb(group, "list", "the workflows that you may see", list_workflows);
  list.option("--project", list->project, "only those of this project: name or id");
  list.flag("--enabled", list->only_enabled, "only those that responses start");

  auto show =
      server_verb(group, "show", "one workflow, its bindings, and what the gate says of each task", show_workflow);
  show.argument("WORKFLOW", show->workflow, "name or id");

  auto pull = server_verb(group, "pull", "the document, byte for byte as it was pushed", pull_workflow);
  pull.argument("WORKFLOW", pull->workflow, "name or id");
  pull.option("-o,--output", pull->output, "write to this file");
  pull.option("--version", pull->version, "its number; left out: the live one").between(0, 1'000'000'000);

  auto history = server_verb(group, "history", "every version: when, by whom, why", show_history);
  history.argument("WORKFLOW", history->workflow, "name or id");

  add_workflow_diff(group);

  auto proposals = server_verb(group, "proposals", "the drafts that wait for the creator", list_proposals);
  proposals.argument("WORKFLOW", proposals->workflow, "name or id");
}

void add_changing_verbs(VerbGroup& group) {
  auto bind = server_verb(group, "bind", "say which account an alias means", bind_aliases);
  bind.argument("WORKFLOW", bind->workflow, "name or id");
  bind.arguments("ALIAS=ACCOUNT", bind->aliases, "e.g. crm='CRM sandbox'; the account by name or id");

  auto unbind = server_verb(group, "unbind", "take bindings away", unbind_aliases);
  unbind.argument("WORKFLOW", unbind->workflow, "name or id");
  unbind.arguments("ALIAS", unbind->aliases, "e.g. crm");

  auto enable =
      server_verb(group, "enable", "let responses start it; says every reason why not, at once", enable_workflow);
  enable.argument("WORKFLOW", enable->workflow, "name or id");

  auto disable = server_verb(group, "disable", "let responses start it no longer", disable_workflow);
  disable.argument("WORKFLOW", disable->workflow, "name or id");

  auto adopt = server_verb(group, "adopt", "make a proposal live, or another's live version your own", adopt_workflow);
  adopt.argument("WORKFLOW", adopt->workflow, "name or id");
  adopt.option("--proposal", adopt->proposal, "the proposal's number; left out: the live version")
      .between(0, 1'000'000'000);

  auto decline = server_verb(group, "decline", "turn a proposal down", decline_proposal);
  decline.argument("WORKFLOW", decline->workflow, "name or id");
  decline.option("--proposal", decline->proposal, "the proposal's number").between(1, 1'000'000'000).required();

  auto copy = server_verb(group, "copy", "a copy with you as creator", copy_workflow);
  copy.argument("WORKFLOW", copy->workflow, "name or id");
  copy.option("--project", copy->project, "where it goes; left out: the same project");
  copy.option("--name", copy->name, "what it is called");

  auto rename = server_verb(group, "rename", "another name; no edit, so bindings stay", rename_workflow);
  rename.argument("WORKFLOW", rename->workflow, "name or id");
  rename.argument("NAME", rename->name, "the new name");

  auto remove = server_verb(group, "remove", "a workflow; its runs stay in the history", remove_workflow);
  remove.argument("WORKFLOW", remove->workflow, "name or id");

  add_workflow_transfer(group);
}

}  // namespace

void add_workflows(VerbGroup& program) {
  VerbGroup group = program.group("workflows", "the workflows that a server holds");
  add_workflow_push(group);
  add_looking_verbs(group);
  add_changing_verbs(group);
}

}  // namespace app::cli
