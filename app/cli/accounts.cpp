// `sluice accounts`: the Salesforce orgs that are linked, how, and for whom.
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/account_login.hpp"
#include "app/cli/account_words.hpp"
#include "app/cli/accounts_doctor.hpp"
#include "app/cli/document_tree.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"
#include "base/http/message.hpp"
#include "base/json_document.hpp"
#include "connectors/secret_reference.hpp"

namespace app::cli {
namespace {

struct AccountArguments : ServerVerb {
  std::string account{};
  std::string name{};
  std::string with{};
  std::string environment{};
  std::string state{};
  bool force = false;
};

std::string path_of_account(ServerClient& server, const std::string& account) {
  return path_of({"accounts", id_of(server, resource::accounts, account)});
}

int list_accounts(ServerClient& server, const AccountArguments& arguments) {
  std::string path = "/accounts";
  if (!arguments.environment.empty()) path += "?environment=" + arguments.environment;
  if (!arguments.state.empty()) path += (path.ends_with("accounts") ? "?state=" : "&state=") + arguments.state;
  const base::JsonText document = server.all(path, "accounts");
  const Tree list = tree_of(document);
  Table table({"NAME", whole("ENVIRONMENT"), whole("ORG"), "STATE", "KIND", whole("ID")});
  for (const Tree& account : member(list, "accounts")) {
    table.row({text_in(account, "name"),
               text_in(account, "environment"),
               text_in(account, "org_id"),
               {words_of_account_state(account), ink_of_account(account)},
               words_of_origin(account),
               text_in(account, "id")});
  }
  return tell(arguments, document,
              table.empty() ? "No linked accounts. Link one: sluice accounts add --login --environment sandbox"
                            : table.draw(this_terminal()));
}

int show_account(ServerClient& server, const AccountArguments& arguments) {
  const base::JsonText document = server.get(path_of_account(server, arguments.account));
  NameBook names(server);
  const Tree answer = tree_of(document);
  return tell(arguments, document, account_picture(account_in(answer), names));
}

int rename_account(ServerClient& server, const AccountArguments& arguments) {
  const base::JsonText document = server.patch(path_of_account(server, arguments.account), {{"name", arguments.name}});
  return tell(arguments, document,
              fmt::format("{} is called {} now; bindings stay.", arguments.account, arguments.name));
}

int remove_account(ServerClient& server, const AccountArguments& arguments) {
  const std::string path = path_of_account(server, arguments.account);
  const std::string dependants = dependants_picture(tree_of(server.get(path + "/dependants")));
  // The server looks once more itself: something may have been bound in between.
  const ServerAnswer answer = server.send("DELETE", path + (arguments.force ? "" : "?if_unused=true"));
  if (answer.status == 409 && !arguments.json) std::cerr << arguments.account << " is used:\n" << dependants << "\n";
  if (answer.status == 409) {
    Refusal refusal = refusal_of(answer, server.url());
    refusal.next = "--force removes it: its tasks are held as account_removed until another account is bound";
    throw refusal;
  }
  if (answer.status < 200 || answer.status > 299) throw refusal_of(answer, server.url());
  return tell(arguments, answer.document,
              fmt::format("Removed {}; its token is revoked at Salesforce.\n", arguments.account) +
                  (dependants.empty() ? "" : "These wait now until another account is bound:\n" + dependants));
}

int share_account(ServerClient& server, const AccountArguments& arguments) {
  const base::JsonText document = server.post(path_of_account(server, arguments.account) + "/shares",
                                              {{"with", share_partner_of(server, arguments.with)}});
  return tell(arguments, document, fmt::format("{} is shared with {} now.", arguments.account, arguments.with));
}

int unshare_account(ServerClient& server, const AccountArguments& arguments) {
  const std::string with = share_partner_of(server, arguments.with);
  const base::JsonText document =
      server.remove(path_of_account(server, arguments.account) + "/shares?with=" + base::http::percent_encode(with));
  return tell(arguments, document,
              fmt::format("{} is no longer shared with {}; that holds before the next call to Salesforce.",
                          arguments.account, arguments.with));
}

struct AddArguments : LoginArguments {
  std::string file{};
  std::string environment{};
  std::string host{};
  std::string name{};
  std::string bind{};  // WORKFLOW:ALIAS
  bool logs_in = false;
  bool is_shared = false;
};

struct BindTarget {
  std::string workflow;  // id
  std::string alias;
};

std::optional<BindTarget> bind_target(ServerClient& server, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    throw Refusal(Exit::usage, "usage", fmt::format("'{}' is no WORKFLOW:ALIAS", text), "e.g. --bind nps:crm");
  return BindTarget{id_of(server, resource::workflows, text.substr(0, colon)), text.substr(colon + 1)};
}

// A sandbox's address says that it is one; login.salesforce.com and a production org's do not tell each other apart
// from a developer's, so that it has to be said.
std::string environment_of(const AddArguments& arguments) {
  if (!arguments.environment.empty()) return arguments.environment;
  if (arguments.host.starts_with("test.salesforce.") || arguments.host.find(".sandbox.") != std::string::npos)
    return "sandbox";
  throw Refusal(Exit::usage, "usage", "say by --environment what kind of org it is: sandbox or production");
}

// Where the answer holds only the account's id.
Tree linked_account(ServerClient& server, const Tree& answer) {
  if (const Tree& account = account_in(answer); account.contains("environment")) return account;
  const std::string id = text_in(answer, "account");
  if (id.empty()) return answer;
  const Tree read = tree_of(server.get(path_of({"accounts", id})));
  return account_in(read);
}

std::string linked_sentence(ServerClient& server, const Tree& answer, const Tree& account) {
  NameBook names(server);
  std::string text = "Linked " + account_picture(account, names);
  for (const Tree& warning : member(answer, "warnings"))
    text += "  warning: " +
            (warning.is_object()   ? text_in(warning, "message")
             : warning.is_string() ? warning.get<std::string>()
                                   : "") +
            "\n";
  if (const std::string warning = text_in(answer, "warning"); !warning.empty()) text += "  warning: " + warning + "\n";
  return text;
}

std::string bind_new_account(ServerClient& server, const BindTarget& target, const Tree& account) {
  server.put(path_of({"workflows", target.workflow, "bindings", target.alias}), {{"account", text_in(account, "id")}});
  NameBook names(server);
  return fmt::format("Bound: in {}, {} means {} now.\n", names.name_of(target.workflow), target.alias,
                     text_in(account, "name"));
}

int link_by_login(ServerClient& server, const AddArguments& arguments, const std::optional<BindTarget>& bind) {
  Tree wish{{"purpose", arguments.is_shared ? "share" : "link"}, {"environment", environment_of(arguments)}};
  if (!arguments.host.empty()) wish["host"] = arguments.host;
  if (!arguments.name.empty()) wish["name"] = arguments.name;
  const base::JsonText document = log_in(server, arguments, std::move(wish));
  const Tree answer = tree_of(document);
  const Tree account = linked_account(server, answer);
  std::string text = linked_sentence(server, answer, account);
  if (bind) text += bind_new_account(server, *bind, account);
  return tell(arguments, document, text);
}

// An account file's content with its references to secrets followed: they go to the server as texts.
Tree account_body(const std::string& file, base::Findings& findings) {
  const base::JsonDocument read = base::JsonDocument::read_file(file);
  if (!read.readable()) {
    findings = read.findings();
    return {};
  }
  const connectors::SecretReferences secrets(file, connectors::process_environment);
  Tree body = Tree::object();
  for (const auto& [name, value] : read.root().items()) {
    const bool is_reference = value.is_object() && (value.contains("env") || value.contains("file"));
    if (is_reference)
      body[name] = secrets.read(value, "/" + name, findings).reveal();
    else if (name != "$schema")
      body[name] = value;
  }
  read.locate(findings);
  return body;
}

int link_from_file(ServerClient& server, const AddArguments& arguments, const std::optional<BindTarget>& bind) {
  base::Findings findings;
  Tree body = account_body(arguments.file, findings);
  if (base::has_errors(findings)) {
    print_findings(findings, arguments.json);
    return Exit::bad_input;
  }
  if (!arguments.name.empty()) body["name"] = arguments.name;
  const base::JsonText document = server.post("/accounts", body);
  const Tree answer = tree_of(document);
  const Tree& account = account_in(answer);
  std::string text = linked_sentence(server, answer, account);
  if (bind) text += bind_new_account(server, *bind, account);
  return tell(
      arguments, document,
      text + fmt::format("Share it: sluice accounts share '{}' USER, GROUP or brand\n", text_in(account, "name")));
}

int add_account(ServerClient& server, const AddArguments& arguments) {
  if (arguments.logs_in != arguments.file.empty()) {
    throw Refusal(Exit::usage, "usage",
                  "say how to log in: --login in a browser, or a FILE with a server-to-server login",
                  "sluice accounts add --login --environment sandbox");
  }
  const std::optional<BindTarget> bind = bind_target(server, arguments.bind);
  return arguments.logs_in ? link_by_login(server, arguments, bind) : link_from_file(server, arguments, bind);
}

struct RefreshArguments : LoginArguments {
  std::string subject{};  // an account, or a workflow
  std::string alias{};
};

int refresh_account(ServerClient& server, const RefreshArguments& arguments) {
  const std::string path = path_of_account(server, arguments.subject);
  const Tree read = tree_of(server.get(path));
  const Tree& before = account_in(read);
  const bool logs_in = text_in(before, "login") == "refresh_token";
  Tree wish{
      {"purpose", "refresh"}, {"environment", text_in(before, "environment")}, {"account", text_in(before, "id")}};
  const base::JsonText document = logs_in ? log_in(server, arguments, std::move(wish)) : server.post(path + "/refresh");
  const Tree answer = tree_of(document);
  const std::string released = text_in(answer, "released");
  return tell(arguments, document,
              fmt::format("{} is refreshed; its bindings stay.{}\n", text_in(before, "name"),
                          released.empty() || released == "0" ? "" : fmt::format(" {} held runs go on.", released)));
}

int reauthenticate(ServerClient& server, const RefreshArguments& arguments) {
  const std::string workflow = id_of(server, resource::workflows, arguments.subject);
  Tree wish{{"purpose", "reauthenticate"}, {"workflow", workflow}};
  if (!arguments.alias.empty()) wish["alias"] = arguments.alias;
  const base::JsonText document = log_in(server, arguments, std::move(wish));
  const std::string released = text_in(tree_of(document), "released");
  return tell(
      arguments, document,
      fmt::format("You have access to the org, so the bindings of {} to it are sound again. The login proved only "
                  "that: nothing of it was stored.{}\n",
                  arguments.subject,
                  released.empty() || released == "0" ? "" : fmt::format(" {} held runs go on.", released)));
}

void add_linking_verbs(VerbGroup& group) {
  auto add =
      server_verb(group, "add", "link an org: by login in a browser, or server-to-server from a file", add_account);
  add.optional_argument("FILE", add->file, "an account file with a server-to-server or JWT login (brand admins)");
  add.flag("--login", add->logs_in, "log in at Salesforce in a browser");
  add.option("--environment", add->environment, "what kind of org it is").one_of({"sandbox", "production"});
  add.option("--host", add->host, "the org's own login host (My Domain)");
  add.option("--name", add->name, "what the account is called");
  add.option("--bind", add->bind, "WORKFLOW:ALIAS that means this account from then on");
  add.flag("--shared", add->is_shared, "one to share with others, not your own (brand admins)");
  take_login(add, *add);

  auto refresh =
      server_verb(group, "refresh", "log in again to the same org; bindings stay, held runs go on", refresh_account);
  refresh.argument("ACCOUNT", refresh->subject, "name or id");
  take_login(refresh, *refresh);

  auto prove =
      server_verb(group, "reauthenticate", "prove access to a workflow's org after an edit of yours", reauthenticate);
  prove.argument("WORKFLOW", prove->subject, "name or id");
  prove.option("--alias", prove->alias, "which org, where its tasks use several");
  take_login(prove, *prove);
}

}  // namespace

void add_accounts(VerbGroup& program) {
  VerbGroup group = program.group("accounts", "the Salesforce orgs that are linked");
  add_linking_verbs(group);
  add_accounts_doctor(group);

  auto list = server_verb(group, "list", "your own accounts, and those shared with you", list_accounts);
  list.option("--environment", list->environment, "only of this kind").one_of({"sandbox", "production"});
  list.option("--state", list->state, "only in this state")
      .one_of({"ok", "refreshing", "expired", "blocked_by_org", "removed"});

  auto show = server_verb(group, "show", "one account: org, user, state, whom it is shared with", show_account);
  show.argument("ACCOUNT", show->account, "name or id");

  auto rename = server_verb(group, "rename", "another name; bindings stay", rename_account);
  rename.argument("ACCOUNT", rename->account, "name or id");
  rename.argument("NAME", rename->name, "the new name");

  auto remove = server_verb(group, "remove", "unlink it; lists first what depends on it", remove_account);
  remove.argument("ACCOUNT", remove->account, "name or id");
  remove.flag("--force", remove->force, "also when workflows use it: their tasks are held then");

  auto share = server_verb(group, "share", "let others use a shared account (brand admins)", share_account);
  share.argument("ACCOUNT", share->account, "name or id");
  share.argument("WITH", share->with, "a user or a group by name or id, or brand for everybody");

  auto unshare = server_verb(group, "unshare", "take it back, with effect before the next call", unshare_account);
  unshare.argument("ACCOUNT", unshare->account, "name or id");
  unshare.argument("WITH", unshare->with, "a user or a group by name or id, or brand");
}

}  // namespace app::cli
