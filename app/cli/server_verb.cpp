#include "app/cli/server_verb.hpp"

#include <iostream>

namespace app::cli {

int with_server(const ServerVerb& verb, const std::function<int(ServerClient&)>& function) {
  return run_or_refuse(verb.json, [&] {
    ServerClient server(verb.at);
    return function(server);
  });
}

int tell(const ServerVerb& verb, const base::JsonText& document, const std::string& text) {
  if (verb.json)
    std::cout << (document.empty() ? "{}" : document.text) << std::endl;
  else
    std::cout << text << (text.ends_with('\n') ? "" : "\n") << std::flush;
  return Exit::fine;
}

}  // namespace app::cli
