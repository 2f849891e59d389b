// Verbs that ask a running server: what all of them take, and how they end when it refuses.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/cli/server_client.hpp"
#include "app/cli/verb.hpp"

namespace app::cli {

// What the arguments of each of them are made of.
struct ServerVerb {
  ServerArguments at{};
  bool json = false;
};

// The same for what only the operator of the server may do.
struct OperatorVerb : ServerVerb {
  OperatorVerb() { at.as_operator = true; }
};

// Runs it with the server; a Refusal is printed and gives the exit code.
int with_server(const ServerVerb& verb, const std::function<int(ServerClient&)>& function);

template <class Arguments>
VerbOf<Arguments> server_verb(VerbGroup& group, const char* name, const char* what,
                              int (*function)(ServerClient&, const Arguments&)) {
  const auto arguments = std::make_shared<Arguments>();
  const Verb verb = group.add(name, what, [arguments, function] {
    return with_server(*arguments, [&](ServerClient& server) { return function(server, *arguments); });
  });
  VerbOf<Arguments> made(verb, *arguments);
  take_json(made, made->json);
  take_server(made, made->at);
  return made;
}

// Prints the document with --json, else the text. Gives Exit::fine.
int tell(const ServerVerb& verb, const base::JsonText& document, const std::string& text);

}  // namespace app::cli
