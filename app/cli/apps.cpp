// `sluice apps`: the Salesforce apps that people log in through, one for each login host.
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/secret_input.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"

namespace app::cli {
namespace {

namespace fs = std::filesystem;

struct AppArguments : ServerVerb {
  std::string app{};
  std::string host{};
  std::string environment{};
  std::string client_id{};
  std::string client_secret_file{};
  std::string output{};
};

// An app has no name: its host, its client id or its id says which one is meant.
std::string app_id_of(ServerClient& server, const std::string& text) {
  const Tree list = tree_of(server.all("/apps", "apps"));
  std::vector<std::string> ids;
  for (const Tree& app : member(list, "apps")) {
    for (const char* name : {"id", "host", "client_id"}) {
      if (text_in(app, name) != text) continue;
      ids.push_back(text_in(app, "id"));
      break;
    }
  }
  if (ids.size() == 1) return ids.front();
  if (ids.empty())
    throw Refusal(Exit::failed, std::string(name_unknown.name), fmt::format("there is no login app '{}'", text),
                  "`sluice apps list` shows all of them; host, client id or id will do");
  throw Refusal(Exit::bad_input, std::string(name_ambiguous.name),
                fmt::format("{} login apps fit '{}': {}", ids.size(), text, fmt::join(ids, ", ")), "give the id");
}

// Steps and files as the server tells them: texts, or objects with a title; {path: content}, or a list of both.
std::vector<std::pair<std::string, std::string>> setup_files(const Tree& setup) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& [path, content] : member(setup, "files").items()) {
    if (content.is_string())
      files.emplace_back(path, content.get<std::string>());
    else if (content.is_object())
      files.emplace_back(text_in(content, "path"), text_in(content, "content"));
  }
  return files;
}

std::string setup_steps(const Tree& setup) {
  std::string text;
  int number = 0;
  for (const Tree& step : member(setup, "steps")) {
    const std::string words = step.is_string() ? step.get<std::string>() : text_in(step, "text");
    text += fmt::format("  {}. {}\n", ++number, words.empty() ? text_in(step, "title") : words);
  }
  return text;
}

int add_app(ServerClient& server, const AppArguments& arguments) {
  const base::Secret secret = secret_input(arguments.client_secret_file, "SLUICE_CLIENT_SECRET",
                                           "Client secret (Enter: none, PKCE alone protects the login): ");
  Tree body{{"host", arguments.host}, {"client_id", arguments.client_id}, {"environment", arguments.environment}};
  if (!secret.empty()) body["client_secret"] = secret.reveal();
  const base::JsonText document = server.post("/apps", body);
  const Tree made = tree_of(document);
  const std::string id = text_in(made, "id");
  const ServerAnswer setup = server.send("GET", path_of({"apps", id, "setup"}));
  const std::string steps = setup.status == 200 ? setup_steps(tree_of(setup.document)) : "";
  return tell(arguments, document,
              fmt::format("People log in to {} through this app from now on ({}).\n", arguments.host, id) +
                  (steps.empty() ? "" : "In Salesforce's Setup:\n" + steps) +
                  fmt::format("Its metadata, ready to deploy: sluice apps setup {} -o DIR\n", id));
}

int list_apps(ServerClient& server, const AppArguments& arguments) {
  const base::JsonText document = server.all("/apps", "apps");
  const Tree list = tree_of(document);
  Table table({"HOST", whole("ENVIRONMENT"), "CLIENT ID", whole("ID")});
  for (const Tree& app : member(list, "apps"))
    table.row({text_in(app, "host"), text_in(app, "environment"), text_in(app, "client_id"), text_in(app, "id")});
  return tell(arguments, document,
              table.empty() ? "No login apps, so nobody can link by login yet. Add one:\n"
                              "  sluice apps add --host login.salesforce.com --environment production --client-id ID"
                            : table.draw(this_terminal()));
}

int remove_app(ServerClient& server, const AppArguments& arguments) {
  const base::JsonText document = server.remove(path_of({"apps", app_id_of(server, arguments.app)}));
  return tell(arguments, document, fmt::format("Removed {}; nobody logs in through it any more.", arguments.app));
}

int set_up_app(ServerClient& server, const AppArguments& arguments) {
  const base::JsonText document = server.get(path_of({"apps", app_id_of(server, arguments.app), "setup"}));
  const Tree setup = tree_of(document);
  std::string text = setup_steps(setup);
  const auto files = setup_files(setup);
  if (arguments.output.empty()) {
    if (!files.empty())
      text += fmt::format("{} metadata files are ready to deploy: -o DIR writes them\n", files.size());
    return tell(arguments, document, text);
  }
  for (const auto& [path, content] : files) {
    const fs::path below = fs::path(path).lexically_normal();
    if (below.is_absolute() || below.empty() || *below.begin() == "..")
      throw Refusal(Exit::unavailable, std::string(server_refused.name),
                    fmt::format("the server names a file outside of the folder: {}", path));
    const fs::path file = fs::path(arguments.output) / below;
    fs::create_directories(file.parent_path());
    write_text_file(file.string(), content);
    text += fmt::format("wrote {}\n", file.string());
  }
  return tell(arguments, document,
              text + fmt::format("Deploy it: sf project deploy start --metadata-dir {}\n", arguments.output));
}

}  // namespace

void add_apps(VerbGroup& program) {
  VerbGroup group = program.group("apps", "the Salesforce apps that people log in through (brand admins)");

  auto add = server_verb(group, "add", "make an app known; prints what to set in Salesforce", add_app);
  add.option("--host", add->host, "the login host: login.salesforce.com, test.salesforce.com, or My Domain").required();
  add.option("--environment", add->environment, "what kind of orgs it is for")
      .one_of({"sandbox", "production"})
      .required();
  add.option("--client-id", add->client_id, "the app's consumer key").required();
  add.option("--client-secret-file", add->client_secret_file,
             "file with the consumer secret; else SLUICE_CLIENT_SECRET, else you are asked");

  server_verb(group, "list", "all of them, without secrets", list_apps);

  auto remove = server_verb(group, "remove", "forget an app", remove_app);
  remove.argument("APP", remove->app, "host, client id or id");

  auto setup = server_verb(group, "setup", "what to set in Salesforce, and the app's metadata as files", set_up_app);
  setup.argument("APP", setup->app, "host, client id or id");
  setup.option("-o,--output", setup->output, "write the metadata files below this folder");
}

}  // namespace app::cli
