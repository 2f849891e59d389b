// `sluice users`: who may sign in, and as what.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"

namespace app::cli {
namespace {

struct UserArguments : ServerVerb {
  std::string user{};
  std::string name{};
  std::string role = "user";
};

std::string path_of_user(ServerClient& server, const std::string& user) {
  return path_of({"users", id_of(server, resource::users, user)});
}

int add_user(ServerClient& server, const UserArguments& arguments) {
  const base::JsonText document = server.post("/users", {{"name", arguments.name}, {"role", arguments.role}});
  const Tree user = tree_of(document);
  return tell(
      arguments, document,
      fmt::format("Added {}. The token is shown this once; the server keeps only its hash.\n", arguments.name) +
          draw_facts(
              {{"id", text_in(user, "id")}, {"role", text_in(user, "role")}, {"token", text_in(user, "token")}}));
}

int list_users(ServerClient& server, const UserArguments& arguments) {
  const base::JsonText document = server.all("/users", "users");
  Table table({"NAME", "ROLE", whole("ID")});
  const Tree list = tree_of(document);
  for (const Tree& user : member(list, "users"))
    table.row({text_in(user, "name"), text_in(user, "role"), text_in(user, "id")});
  return tell(arguments, document,
              table.empty() ? "No users. Add one: sluice users add NAME" : table.draw(this_terminal()));
}

int show_user(ServerClient& server, const UserArguments& arguments) {
  const base::JsonText document = server.get(path_of_user(server, arguments.user));
  const Tree user = tree_of(document);
  return tell(
      arguments, document,
      text_in(user, "name") + "\n" + draw_facts({{"id", text_in(user, "id")}, {"role", text_in(user, "role")}}));
}

int rename_user(ServerClient& server, const UserArguments& arguments) {
  const base::JsonText document = server.patch(path_of_user(server, arguments.user), {{"name", arguments.name}});
  return tell(arguments, document, fmt::format("{} is called {} now.", arguments.user, arguments.name));
}

int change_role(ServerClient& server, const UserArguments& arguments) {
  const base::JsonText document = server.patch(path_of_user(server, arguments.user), {{"role", arguments.role}});
  return tell(arguments, document, fmt::format("{} is {} now.", arguments.user, arguments.role));
}

int remove_user(ServerClient& server, const UserArguments& arguments) {
  const base::JsonText document = server.remove(path_of_user(server, arguments.user));
  return tell(arguments, document, fmt::format("Removed {}; tokens of theirs open nothing any more.", arguments.user));
}

}  // namespace

void add_users(VerbGroup& program) {
  VerbGroup group = program.group("users", "who may sign in (brand admins)");

  auto add = server_verb(group, "add", "a new user, and a first token", add_user);
  add.argument("NAME", add->name, "what they are called");
  add.option("--role", add->role, "what they may do").one_of({"user", "brand_admin"});

  server_verb(group, "list", "everybody in the brand", list_users);

  auto show = server_verb(group, "show", "one user", show_user);
  show.argument("USER", show->user, "name or id");

  auto rename = server_verb(group, "rename", "another name; everything else stays", rename_user);
  rename.argument("USER", rename->user, "name or id");
  rename.argument("NAME", rename->name, "the new name");

  auto role = server_verb(group, "role", "make a user a brand admin, or the other way round", change_role);
  role.argument("USER", role->user, "name or id");
  role.argument("ROLE", role->role, "user or brand_admin").one_of({"user", "brand_admin"});

  auto remove = server_verb(group, "remove", "a user who owns no project and no account", remove_user);
  remove.argument("USER", remove->user, "name or id");
}

}  // namespace app::cli
