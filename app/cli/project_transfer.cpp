#include "app/cli/project_transfer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"

namespace app::cli {
namespace {

struct TransferArguments : ServerVerb {
  std::string subject{};  // a project, or a workflow of it
  std::string to{};
  bool is_plan = false;
  bool applies = false;
  bool keeps_creator = false;
};

bool verdict_holds(const std::string& verdict) { return verdict == "allowed"; }

TableCell verdict_cell(const std::string& verdict) {
  return verdict_holds(verdict) ? TableCell("✓ may run", Ink::green) : TableCell("✗ " + verdict, Ink::yellow);
}

// How many bindings hold now and would not after.
std::size_t count_of_lost(const Tree& plan) {
  std::size_t lost = 0;
  for (const Tree& workflow : member(plan, "workflows")) {
    for (const Tree& task : member(workflow, "tasks"))
      lost += verdict_holds(text_in(task, "before")) && !verdict_holds(text_in(task, "after")) ? 1 : 0;
  }
  return lost;
}

std::string workflow_picture(const Tree& workflow, NameBook& names, const PictureOptions& options) {
  const std::string before = text_in(workflow, "creator_before"), after = text_in(workflow, "creator_after");
  std::string drawn = fmt::format("\n{}\n  creator {}{}\n", text_in(workflow, "name"), names.name_of(before),
                                  before == after ? " (stays)" : " -> " + names.name_of(after));
  Table table({"TASK", "ALIAS", "ACCOUNT", whole("ENVIRONMENT"), whole("ORG"), whole("NOW"), whole("AFTER")});
  for (const Tree& task : member(workflow, "tasks")) {
    table.row({text_in(task, "task"), text_in(task, "alias"), names.name_of(text_in(task, "account")),
               text_in(task, "environment"), text_in(task, "org_id"), verdict_cell(text_in(task, "before")),
               verdict_cell(text_in(task, "after"))});
  }
  return drawn + (table.empty() ? "  no Salesforce task\n" : table.draw(options, "  "));
}

std::string plan_picture(const Tree& plan, NameBook& names, const PictureOptions& options) {
  std::string drawn;
  for (const Tree& workflow : member(plan, "workflows")) drawn += workflow_picture(workflow, names, options);
  if (drawn.empty()) drawn = "\nThe project has no workflows.\n";
  const Tree& runs = member(plan, "runs");
  const std::string queued = text_in(runs, "queued"), held = text_in(runs, "held");
  drawn +=
      fmt::format("\nRuns under way: {} queued, {} held.\n", queued.empty() ? "0" : queued, held.empty() ? "0" : held);
  if (const std::size_t lost = count_of_lost(plan); lost > 0) {
    drawn += fmt::format(
        "{} {} would be held: their runs wait until the new owner binds an account of theirs, or an admin "
        "shares "
        "the account with the new owner.\n",
        lost, lost == 1 ? "task" : "tasks");
  }
  return drawn;
}

int transfer_to_user(ServerClient& server, const TransferArguments& arguments, const std::string& project) {
  if (arguments.is_plan && arguments.applies)
    throw Refusal(Exit::usage, "usage", "--plan and --apply exclude each other");
  const std::string to = id_of(server, resource::users, arguments.to);
  const base::JsonText document =
      server.post(path_of({"projects", project, "transfer"}),
                  {{"to", to}, {"keep_creator", arguments.keeps_creator}, {"plan", !arguments.applies}});
  const Tree answer = tree_of(document);
  const Tree& plan = member(answer, "plan");
  NameBook names(server);
  const std::string released = text_in(answer, "released");
  const std::string head = arguments.applies ? "{} belongs to {} now.\n" : "What handing {} to {} would do:\n";
  const std::string foot = arguments.applies
                               ? (released.empty() || released == "0" ? "" : released + " held runs go on.\n")
                               : "Nothing has changed yet. Do it: the same with --apply\n";
  tell(arguments, document,
       fmt::format(fmt::runtime(head), names.name_of(project), names.name_of(to)) +
           plan_picture(plan, names, this_terminal()) + foot);
  return !arguments.applies && count_of_lost(plan) > 0 ? Exit::changes_planned : Exit::fine;
}

int transfer_project(ServerClient& server, const TransferArguments& arguments) {
  return transfer_to_user(server, arguments, id_of(server, resource::projects, arguments.subject));
}

int transfer_workflow(ServerClient& server, const TransferArguments& arguments) {
  const Tree workflow =
      tree_of(server.get(path_of({"workflows", id_of(server, resource::workflows, arguments.subject)})));
  return transfer_to_user(server, arguments, text_in(workflow, "project"));
}

void take_transfer(VerbOf<TransferArguments>& verb) {
  verb.option("--to", verb->to, "the new owner: name or id").required();
  verb.flag("--plan", verb->is_plan, "only tell what it would do (also without it); ends with 2 if bindings are lost");
  verb.flag("--apply", verb->applies, "do it");
  verb.flag("--keep-creator", verb->keeps_creator, "workflows of the old owner keep their creator");
}

}  // namespace

void add_project_transfer(VerbGroup& projects_group) {
  auto verb =
      server_verb(projects_group, "transfer", "another owner, whose accounts count from then on", transfer_project);
  verb.argument("PROJECT", verb->subject, "name or id");
  take_transfer(verb);
}

void add_workflow_transfer(VerbGroup& workflows_group) {
  auto verb =
      server_verb(workflows_group, "transfer", "another owner for the whole project of a workflow", transfer_workflow);
  verb.argument("WORKFLOW", verb->subject, "name or id");
  take_transfer(verb);
}

}  // namespace app::cli
