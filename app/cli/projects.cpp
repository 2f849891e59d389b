// `sluice projects`: who owns workflows, and who works on them with the owner.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/project_transfer.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"

namespace app::cli {
namespace {

struct ProjectArguments : ServerVerb {
  std::string project{};
  std::string name{};
  std::string user{};
  std::string right{};
};

std::string path_of_project(ServerClient& server, const std::string& project) {
  return path_of({"projects", id_of(server, resource::projects, project)});
}

int add_project(ServerClient& server, const ProjectArguments& arguments) {
  const base::JsonText document = server.post("/projects", {{"name", arguments.name}});
  return tell(arguments, document,
              fmt::format("Added {} ({}); you own it. Fill it: sluice workflows push FILE --project '{}'",
                          arguments.name, text_in(tree_of(document), "id"), arguments.name));
}

int list_projects(ServerClient& server, const ProjectArguments& arguments) {
  const base::JsonText document = server.all("/projects", "projects");
  const Tree list = tree_of(document);
  NameBook names(server);
  Table table({"NAME", "OWNER", "YOUR RIGHT", whole("ID")});
  for (const Tree& project : member(list, "projects")) {
    table.row({text_in(project, "name"), names.name_of(text_in(project, "owner")), text_in(project, "right"),
               text_in(project, "id")});
  }
  return tell(arguments, document,
              table.empty() ? "No projects. Make one: sluice projects add NAME" : table.draw(this_terminal()));
}

int show_project(ServerClient& server, const ProjectArguments& arguments) {
  const base::JsonText document = server.get(path_of_project(server, arguments.project));
  const Tree project = tree_of(document);
  NameBook names(server);
  Table table({"COLLABORATOR", "RIGHT", whole("ID")});
  for (const Tree& one : member(project, "collaborators"))
    table.row({names.name_of(text_in(one, "user")), text_in(one, "right"), text_in(one, "user")});
  return tell(arguments, document,
              text_in(project, "name") + "\n" +
                  draw_facts({{"id", text_in(project, "id")}, {"owner", names.name_of(text_in(project, "owner"))}}) +
                  (table.empty() ? "  shared with nobody\n" : "\n" + table.draw(this_terminal(), "  ")));
}

int rename_project(ServerClient& server, const ProjectArguments& arguments) {
  const base::JsonText document = server.patch(path_of_project(server, arguments.project), {{"name", arguments.name}});
  return tell(arguments, document, fmt::format("{} is called {} now.", arguments.project, arguments.name));
}

int remove_project(ServerClient& server, const ProjectArguments& arguments) {
  const base::JsonText document = server.remove(path_of_project(server, arguments.project));
  return tell(arguments, document, fmt::format("Removed {}.", arguments.project));
}

std::string path_of_collaborator(ServerClient& server, const ProjectArguments& arguments) {
  return path_of_project(server, arguments.project) +
         path_of({"collaborators", id_of(server, resource::users, arguments.user)});
}

int share_project(ServerClient& server, const ProjectArguments& arguments) {
  const base::JsonText document = server.put(path_of_collaborator(server, arguments), {{"right", arguments.right}});
  return tell(arguments, document,
              fmt::format("{} may {} {} now. Salesforce tasks still use the owner's accounts only.", arguments.user,
                          arguments.right, arguments.project));
}

int unshare_project(ServerClient& server, const ProjectArguments& arguments) {
  const base::JsonText document = server.remove(path_of_collaborator(server, arguments));
  return tell(arguments, document, fmt::format("{} has no right in {} any more.", arguments.user, arguments.project));
}

}  // namespace

void add_projects(VerbGroup& program) {
  VerbGroup group = program.group("projects", "who owns workflows, and who works on them");

  auto add = server_verb(group, "add", "a new project, owned by you", add_project);
  add.argument("NAME", add->name, "what it is called");

  server_verb(group, "list", "the projects that you may see", list_projects);

  auto show = server_verb(group, "show", "one project, its owner and collaborators", show_project);
  show.argument("PROJECT", show->project, "name or id");

  auto rename = server_verb(group, "rename", "another name; everything else stays", rename_project);
  rename.argument("PROJECT", rename->project, "name or id");
  rename.argument("NAME", rename->name, "the new name");

  auto remove = server_verb(group, "remove", "a project without workflows", remove_project);
  remove.argument("PROJECT", remove->project, "name or id");

  auto share = server_verb(group, "share", "let a user work on a project", share_project);
  share.argument("PROJECT", share->project, "name or id");
  share.argument("USER", share->user, "name or id");
  share.argument("RIGHT", share->right, "view, run or edit").one_of({"view", "run", "edit"});

  auto unshare = server_verb(group, "unshare", "take that right away", unshare_project);
  unshare.argument("PROJECT", unshare->project, "name or id");
  unshare.argument("USER", unshare->user, "name or id");

  add_project_transfer(group);
}

}  // namespace app::cli
