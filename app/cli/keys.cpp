// `sluice keys`: the keys that secrets are sealed with at rest.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/document_tree.hpp"
#include "app/cli/run_words.hpp"
#include "app/cli/server_verb.hpp"
#include "app/cli/table.hpp"
#include "app/cli/verbs.hpp"

namespace app::cli {
namespace {

struct KeyArguments : OperatorVerb {};

std::string rotation_sentence(const Tree& rotation) {
  if (!rotation.is_object()) return "";
  const std::string from = text_in(rotation, "from");
  std::string sentence = fmt::format("Rotation{} to {}: {} of {} secrets sealed anew · {}\n",
                                     from.empty() ? "" : " from " + from, text_in(rotation, "to"),
                                     text_in(rotation, "done"), text_in(rotation, "total"), text_in(rotation, "state"));
  if (const std::string unreadable = text_in(rotation, "unreadable"); !unreadable.empty() && unreadable != "0")
    sentence +=
        unreadable + " cannot be opened by any key; the log names them, and their accounts have to log in again.\n";
  return sentence;
}

struct StateShown {
  std::string words;
  Ink ink;
};

StateShown shown_state(const std::string& state) {
  if (state == "active") return {"active", Ink::green};
  if (state == "unused") return {"unused, may be taken away", Ink::dim};
  return {"only opens", Ink::dim};
}

int list_keys(ServerClient& server, const KeyArguments& arguments) {
  const base::JsonText document = server.get("/keys");
  const Tree answer = tree_of(document);
  Table table({whole("KEY"), whole("STATE"), "SECRETS"});
  for (const Tree& key : member(answer, "keys")) {
    const StateShown state = shown_state(text_in(key, "state"));
    table.row({text_in(key, "id"), {state.words, state.ink}, text_in(key, "secrets")});
  }
  return tell(arguments, document,
              "Keys from " + text_in(answer, "source") + "\n" + table.draw(this_terminal()) +
                  rotation_sentence(member(answer, "rotation")));
}

int rotate_keys(ServerClient& server, const KeyArguments& arguments) {
  const base::JsonText document = server.post("/keys/rotate", Tree::object());
  return tell(arguments, document,
              rotation_sentence(member(tree_of(document), "rotation")) +
                  "It goes on by itself, also after a restart; see `sluice keys list`.\n");
}

}  // namespace

void add_keys(VerbGroup& program) {
  VerbGroup group = program.group("keys", "the keys that secrets are sealed with (the operator)");
  server_verb(group, "list", "all keys, and how far a rotation is", list_keys);
  server_verb(group, "rotate", "seal all secrets anew with a new key, while the server works", rotate_keys);
}

}  // namespace app::cli
