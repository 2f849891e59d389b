#include "app/cli/workflow_push.hpp"

#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/changes_picture.hpp"
#include "app/cli/document_tree.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "base/json_writer.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"

namespace app::cli {
namespace {

struct PushArguments : ServerVerb {
  std::string file{};
  std::string project{};
  std::string workflow{};
  std::string message{};
  int base_version = 0;  // 0: whichever is live
  bool proposes = false;
  bool acknowledges = false;
  bool only_checks = false;
};

// What `validate` would say is said before anything is sent.
engine::DefinitionCheck check_offline(const std::string& file) {
  const engine::Catalog catalog = tasks::make_catalog({});
  return engine::check_definition(base::JsonDocument::read_file(file), catalog);
}

std::string project_for_new(ServerClient& server, const PushArguments& arguments) {
  if (!arguments.project.empty()) return id_of(server, resource::projects, arguments.project);
  const Tree list = tree_of(server.all("/projects", "projects"));
  const Tree& all = member(list, "projects");
  if (all.size() == 1) return text_in(all.front(), "id");
  throw Refusal(Exit::usage, "usage",
                all.empty() ? "there is no project yet to put the workflow into"
                            : fmt::format("you see {} projects: say by --project which one it goes into", all.size()),
                all.empty() ? "sluice projects add NAME" : "sluice projects list");
}

// The workflow that the file is a version of: the one that was named, or the one that has the document's name.
std::optional<std::string> workflow_to_change(ServerClient& server, const PushArguments& arguments,
                                              const std::string& name) {
  if (!arguments.workflow.empty()) return id_of(server, resource::workflows, arguments.workflow);
  std::string path = "/workflows";
  const std::string project = arguments.project.empty() ? "" : id_of(server, resource::projects, arguments.project);
  if (!project.empty()) path += "?project=" + project;
  const Tree list = tree_of(server.all(path, "workflows"));
  std::vector<const Tree*> found;
  for (const Tree& workflow : member(list, "workflows")) {
    const bool is_there = project.empty() || text_in(workflow, "project") == project;
    if (is_there && text_in(workflow, "name") == name) found.push_back(&workflow);
  }
  if (found.size() > 1)
    throw Refusal(Exit::bad_input, "name_ambiguous", fmt::format("{} workflows are called '{}'", found.size(), name),
                  "say by --workflow which id is meant");
  return found.empty() ? std::nullopt : std::optional(text_in(*found.front(), "id"));
}

// The document goes as a text, so that `pull` gives back every byte of it.
std::string push_body(const PushArguments& arguments, const std::string& document, const std::string& project) {
  base::JsonWriter json;
  json.begin_object();
  if (!project.empty()) json.field("project", project);
  if (!arguments.message.empty()) json.field("message", arguments.message);
  if (arguments.base_version > 0) json.field("base_version", arguments.base_version);
  if (arguments.acknowledges) json.field("acknowledge", true);
  if (arguments.proposes) json.field("propose", true);
  json.field("document", document);
  json.end_object();
  return json.take();
}

std::string invalidated_table(const Tree& list, NameBook& names) {
  Table table({"ALIAS", "ACCOUNT", whole("ENVIRONMENT"), whole("ORG"), "WHY"});
  for (const Tree& one : list) {
    const std::string why = text_in(one, "why"), account = text_in(one, "account");
    table.row({text_in(one, "alias"), account.empty() ? "(personal)" : names.name_of(account),
               text_in(one, "environment"), text_in(one, "org_id"), why.empty() ? text_in(one, "code") : why});
  }
  return table.draw(this_terminal(), "  ");
}

int refuse_invalidating_edit(ServerClient& server, const PushArguments& arguments, const ServerAnswer& answer,
                             const std::string& workflow) {
  Refusal refusal = refusal_of(answer, server.url());
  if (arguments.json) {
    print_refusal(refusal, true);
    return Exit::not_allowed;
  }
  NameBook names(server);
  const Tree problem = tree_of(answer.document);
  std::cerr << "sluice: this edit would invalidate logins, so nothing has changed [" << refusal.code << "]\n\n"
            << invalidated_table(member(problem, "invalidates"), names)
            << fmt::format(
                   "\nThree ways on:\n"
                   "  --acknowledge   make it live; these tasks wait until somebody re-authenticates:\n"
                   "                  sluice accounts reauthenticate {0}\n"
                   "  --propose       store it as a proposal; the live version goes on, the creator decides\n"
                   "  ask the creator to push it: the creator's own edits invalidate nothing\n",
                   workflow);
  return Exit::not_allowed;
}

std::string pushed_sentence(const Tree& answer, const std::string& workflow, const std::string& name, bool proposed) {
  const std::string version = text_in(answer, "version"), proposal = text_in(answer, "proposal");
  if (proposed) {
    const std::string number = proposal.empty() ? version : proposal;
    return fmt::format(
        "Proposed {0} as number {1}; the live version goes on. Its creator decides:\n"
        "  sluice workflows adopt {2} --proposal {1}\n",
        name, number, workflow);
  }
  if (const Tree& changed = member(answer, "changed"); changed.is_boolean() && !changed.get<bool>())
    return fmt::format("{} says already what the file says: version {} stays live.\n", name, version);
  return fmt::format("Pushed {}: version {} is live.\n", name, version);
}

int push_new(ServerClient& server, const PushArguments& arguments, const std::string& document,
             const std::string& name) {
  const ServerAnswer answer =
      server.send("POST", "/workflows", push_body(arguments, document, project_for_new(server, arguments)));
  if (answer.status != 201 && answer.status != 200) throw refusal_of(answer, server.url());
  const Tree made = tree_of(answer.document);
  const Tree& workflow = member(made, "workflow");
  const std::string id = workflow.is_object() ? text_in(workflow, "id") : text_in(made, "workflow");
  return tell(arguments, answer.document,
              fmt::format("Made {0} ({1}), version 1, not enabled yet. Next:\n"
                          "  sluice workflows bind {1} ALIAS=ACCOUNT\n"
                          "  sluice workflows enable {1}\n",
                          name, id));
}

// What the server says of the document, told as `validate` tells it.
base::Findings findings_in(const Tree& answer, const std::string& file) {
  base::Findings findings;
  for (const Tree& told : member(answer, "findings")) {
    base::Finding finding{.code = text_in(told, "code"),
                          .pointer = text_in(told, "pointer"),
                          .message = text_in(told, "message"),
                          .hint = text_in(told, "hint"),
                          .file = file};
    if (text_in(told, "severity") == "warning") finding.severity = base::Severity::warning;
    finding.line = told.value("line", 0);
    finding.column = told.value("column", 0);
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::string checked_sentence(const std::string& name, const base::Findings& of_org, const Tree& invalidates,
                             NameBook& names) {
  if (base::has_errors(of_org)) return fmt::format("{} would be refused; nothing has changed.\n", name);
  std::string text = fmt::format("{} could be pushed; nothing has changed.\n", name);
  if (!invalidates.empty())
    text += "It would invalidate these logins (--acknowledge or --propose):\n" + invalidated_table(invalidates, names);
  return text;
}

// Nothing is changed, on the server or in an org.
int check_file_on_server(ServerClient& server, const PushArguments& arguments, const std::string& document,
                         const std::string& name, const std::optional<std::string>& workflow) {
  if (!workflow)
    return tell(arguments, {R"({"workflow":null,"invalidates":[],"findings":[]})"},
                fmt::format("{} would be a new workflow: nothing is bound to an account yet, so no org was asked.\n"
                            "  sluice validate {} --org DIR\n",
                            name, arguments.file));
  const ServerAnswer answer =
      server.send("PUT", path_of({"workflows", *workflow}) + "?preview=true", push_body(arguments, document, ""));
  if (answer.status != 200) throw refusal_of(answer, server.url());
  const Tree told = tree_of(answer.document);
  const base::Findings of_org = findings_in(told, arguments.file);
  if (!arguments.json) print_findings(of_org, false);
  NameBook names(server);
  tell(arguments, answer.document, checked_sentence(name, of_org, member(told, "invalidates"), names));
  return base::has_errors(of_org) ? Exit::bad_input : Exit::fine;
}

int push_file(ServerClient& server, const PushArguments& arguments) {
  const engine::DefinitionCheck check = check_offline(arguments.file);
  if (!check.definition) {
    print_findings(check.findings, arguments.json);
    return Exit::bad_input;
  }
  print_findings(check.findings, false);
  const std::string document = read_text_file(arguments.file);
  const std::string& name = check.definition->name;
  const std::optional<std::string> workflow = workflow_to_change(server, arguments, name);
  if (arguments.only_checks) return check_file_on_server(server, arguments, document, name, workflow);
  if (!workflow) return push_new(server, arguments, document, name);

  const ServerAnswer answer = server.send("PUT", path_of({"workflows", *workflow}), push_body(arguments, document, ""));
  const Tree told = tree_of(answer.document);
  if (answer.status == 409 && text_in(told, "code") == "edit_would_invalidate")
    return refuse_invalidating_edit(server, arguments, answer, *workflow);
  if (answer.status < 200 || answer.status > 299) throw refusal_of(answer, server.url());
  if (!arguments.json) print_findings(findings_in(told, arguments.file), false);
  std::string text = pushed_sentence(told, *workflow, name, arguments.proposes);
  if (const Tree& invalidated = member(told, "invalidated"); !invalidated.empty()) {
    NameBook names(server);
    text += "These tasks wait now until somebody re-authenticates:\n" + invalidated_table(invalidated, names) +
            fmt::format("  sluice accounts reauthenticate {}\n", *workflow);
  }
  return tell(arguments, answer.document, text);
}

struct DiffArguments : ServerVerb {
  std::string workflow{};
  std::string file{};
  int from = 0;
  int to = 0;
};

void add_changes(const Tree& before, const Tree& after, const std::string& path, Tree& changes) {
  if (before == after) return;
  if (!before.is_object() || !after.is_object()) {
    changes.push_back({{"op", "replace"}, {"path", path}, {"from", before}, {"to", after}});
    return;
  }
  for (const auto& [key, value] : before.items()) {
    const std::string place = path + base::pointer_token(key);
    if (const auto same = after.find(key); same != after.end())
      add_changes(value, *same, place, changes);
    else
      changes.push_back({{"op", "remove"}, {"path", place}, {"from", value}});
  }
  for (const auto& [key, value] : after.items()) {
    if (!before.contains(key))
      changes.push_back({{"op", "add"}, {"path", path + base::pointer_token(key)}, {"to", value}});
  }
}

int diff_with_file(ServerClient& server, const DiffArguments& arguments, const std::string& workflow) {
  const base::JsonDocument read = base::JsonDocument::read_file(arguments.file);
  if (!read.readable()) {
    print_findings(read.findings(), arguments.json);
    return Exit::bad_input;
  }
  std::string path = path_of({"workflows", workflow, "document"});
  if (arguments.from > 0) path += fmt::format("?version={}", arguments.from);
  const Tree live = tree_of(server.get(path));
  Tree changes = Tree::array();
  add_changes(live, tree_of({read_text_file(arguments.file)}), "", changes);
  Tree document = Tree::object();
  document["changes"] = changes;
  tell(arguments, {document.dump()},
       changes.empty() ? fmt::format("{} says what the server has.", arguments.file)
                       : changes_picture(changes, this_terminal()));
  return changes.empty() ? Exit::fine : Exit::changes_planned;
}

int diff_workflow(ServerClient& server, const DiffArguments& arguments) {
  const std::string workflow = id_of(server, resource::workflows, arguments.workflow);
  if (!arguments.file.empty()) return diff_with_file(server, arguments, workflow);
  if (arguments.from == 0 || arguments.to == 0)
    throw Refusal(Exit::usage, "usage", "say what to compare: a FILE, or --from VERSION --to VERSION",
                  fmt::format("sluice workflows history {}", arguments.workflow));
  const base::JsonText document = server.get(path_of({"workflows", workflow, "diff"}) +
                                             fmt::format("?from={}&to={}", arguments.from, arguments.to));
  const Tree answer = tree_of(document);
  const Tree& changes = member(answer, "changes");
  return tell(arguments, document,
              changes.empty() ? "The two versions say the same." : changes_picture(changes, this_terminal()));
}

}  // namespace

void add_workflow_push(VerbGroup& group) {
  auto push = server_verb(group, "push", "check a file, then make it the live version, or a new workflow", push_file);
  push.argument("FILE", push->file, "a workflow file");
  push.option("--project", push->project, "where a new workflow goes: name or id");
  push.option("--workflow", push->workflow, "the workflow it is a version of; left out: the one of its name");
  push.option("--message", push->message, "why, for the history");
  push.option("--base", push->base_version, "only if this version is still live").between(0, 1'000'000'000);
  push.flag("--propose", push->proposes, "store it as a proposal; the creator decides");
  push.flag("--check", push->only_checks, "only say what the orgs would refuse and which logins it would invalidate");
  push.flag("--acknowledge", push->acknowledges, "make it live although logins await re-authentication then");
}

void add_workflow_diff(VerbGroup& group) {
  auto diff = server_verb(
      group, "diff", "the live version against a file (ends with 2 if they differ), or two versions", diff_workflow);
  diff.argument("WORKFLOW", diff->workflow, "name or id");
  diff.optional_argument("FILE", diff->file, "a workflow file");
  diff.option("--from", diff->from, "a version's number").between(0, 1'000'000'000);
  diff.option("--to", diff->to, "a version's number").between(0, 1'000'000'000);
}

}  // namespace app::cli
