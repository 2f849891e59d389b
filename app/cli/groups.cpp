// `sluice groups`: users that an account is shared with together.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"

namespace app::cli {
namespace {

struct GroupArguments : ServerVerb {
  std::string group{};
  std::string name{};
  std::string user{};
};

int add_group(ServerClient& server, const GroupArguments& arguments) {
  const base::JsonText document = server.post("/groups", {{"name", arguments.name}});
  return tell(arguments, document,
              fmt::format("Added {} ({}). Let users join: sluice groups join '{}' USER", arguments.name,
                          text_in(tree_of(document), "id"), arguments.name));
}

int list_groups(ServerClient& server, const GroupArguments& arguments) {
  const base::JsonText document = server.all("/groups", "groups");
  const Tree list = tree_of(document);
  NameBook names(server);
  Table table({"NAME", "MEMBERS", whole("ID")});
  for (const Tree& group : member(list, "groups")) {
    std::vector<std::string> members;
    for (const std::string& user : texts_of(member(group, "members"))) members.push_back(names.name_of(user));
    table.row({text_in(group, "name"), members.empty() ? "–" : fmt::format("{}", fmt::join(members, ", ")),
               text_in(group, "id")});
  }
  return tell(arguments, document,
              table.empty() ? "No groups. Add one: sluice groups add NAME" : table.draw(this_terminal()));
}

std::string path_of_group(ServerClient& server, const std::string& group) {
  return path_of({"groups", id_of(server, resource::groups, group)});
}

std::string path_of_member(ServerClient& server, const GroupArguments& arguments) {
  return path_of_group(server, arguments.group) + path_of({"members", id_of(server, resource::users, arguments.user)});
}

int rename_group(ServerClient& server, const GroupArguments& arguments) {
  const base::JsonText document = server.patch(path_of_group(server, arguments.group), {{"name", arguments.name}});
  return tell(arguments, document, fmt::format("{} is called {} now.", arguments.group, arguments.name));
}

int remove_group(ServerClient& server, const GroupArguments& arguments) {
  const base::JsonText document = server.remove(path_of_group(server, arguments.group));
  return tell(
      arguments, document,
      fmt::format("Removed {}; what was shared with it is shared with its members no longer.", arguments.group));
}

int join_group(ServerClient& server, const GroupArguments& arguments) {
  const base::JsonText document = server.put(path_of_member(server, arguments), Tree::object());
  return tell(arguments, document, fmt::format("{} is in {} now.", arguments.user, arguments.group));
}

int leave_group(ServerClient& server, const GroupArguments& arguments) {
  const base::JsonText document = server.remove(path_of_member(server, arguments));
  return tell(arguments, document, fmt::format("{} is no longer in {}.", arguments.user, arguments.group));
}

}  // namespace

void add_groups(VerbGroup& program) {
  VerbGroup group = program.group("groups", "users that accounts are shared with together (brand admins)");

  auto add = server_verb(group, "add", "a new group", add_group);
  add.argument("NAME", add->name, "what it is called");

  server_verb(group, "list", "all groups and who is in them", list_groups);

  auto rename = server_verb(group, "rename", "another name; shares stay", rename_group);
  rename.argument("GROUP", rename->group, "name or id");
  rename.argument("NAME", rename->name, "the new name");

  auto remove = server_verb(group, "remove", "a group; its members stay users", remove_group);
  remove.argument("GROUP", remove->group, "name or id");

  auto join = server_verb(group, "join", "put a user into a group", join_group);
  join.argument("GROUP", join->group, "name or id");
  join.argument("USER", join->user, "name or id");

  auto leave = server_verb(group, "leave", "take a user out of a group", leave_group);
  leave.argument("GROUP", leave->group, "name or id");
  leave.argument("USER", leave->user, "name or id");
}

}  // namespace app::cli
