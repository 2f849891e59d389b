// `sluice tokens`: the API tokens of a user; their texts are told once, when they are made.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/resource_names.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"

namespace app::cli {
namespace {

struct TokenArguments : ServerVerb {
  std::string user{};  // empty: whoever asks
  std::string label{};
  std::string id{};
};

std::string path_of_tokens(ServerClient& server, const TokenArguments& arguments) {
  if (!arguments.user.empty()) return path_of({"users", id_of(server, resource::users, arguments.user), "tokens"});
  const Tree me = tree_of(server.get("/me"));
  return path_of({"users", text_in(member(me, "user"), "id"), "tokens"});
}

int add_token(ServerClient& server, const TokenArguments& arguments) {
  const base::JsonText document = server.post(path_of_tokens(server, arguments), {{"label", arguments.label}});
  const Tree token = tree_of(document);
  return tell(arguments, document,
              "Added a token. It is shown this once; the server keeps only its hash.\n" +
                  draw_facts({{"id", text_in(token, "id")}, {"token", text_in(token, "token")}}));
}

int list_tokens(ServerClient& server, const TokenArguments& arguments) {
  const base::JsonText document = server.all(path_of_tokens(server, arguments), "tokens");
  const Tree list = tree_of(document);
  Table table({whole("ID"), "LABEL", whole("MADE")});
  for (const Tree& token : member(list, "tokens"))
    table.row({text_in(token, "id"), text_in(token, "label"), day_and_minute(text_in(token, "created_at"))});
  return tell(arguments, document,
              table.empty() ? "No tokens. Make one: sluice tokens add --label WHAT_FOR" : table.draw(this_terminal()));
}

int revoke_token(ServerClient& server, const TokenArguments& arguments) {
  const base::JsonText document = server.remove(path_of_tokens(server, arguments) + path_of({arguments.id}));
  return tell(arguments, document, fmt::format("Revoked {}; it opens nothing any more.", arguments.id));
}

}  // namespace

void add_tokens(VerbGroup& program) {
  VerbGroup tokens = program.group("tokens", "API tokens, your own or a user's");

  auto add = server_verb(tokens, "add", "a new token", add_token);
  add.option("--label", add->label, "what it is for, e.g. ci");
  add.option("--user", add->user, "name or id; yourself when left out (others: brand admins)");

  auto list = server_verb(tokens, "list", "all tokens, without their texts", list_tokens);
  list.option("--user", list->user, "name or id; yourself when left out");

  auto revoke = server_verb(tokens, "revoke", "make a token useless", revoke_token);
  revoke.argument("TOKEN", revoke->id, "its id, tok_…, as `list` shows it");
  revoke.option("--user", revoke->user, "name or id; yourself when left out");
}

}  // namespace app::cli
