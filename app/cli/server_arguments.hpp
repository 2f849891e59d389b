// Which server a verb asks, and who is asking.
#pragma once

#include <string>

#include "app/cli/verb.hpp"

namespace app::cli {

struct ServerArguments {
  std::string server{};  // URL; empty: the data directory says
  std::string token{};   // empty: the data directory's
  std::string data = ".sluice";
};

inline void take_server(Verb& verb, ServerArguments& at) {
  verb.option("--server", at.server, "URL of a running server").from_environment("SLUICE_SERVER").under("Server");
  verb.option("--token", at.token, "API token").from_environment("SLUICE_TOKEN").under("Server");
  verb.option("--data", at.data, "data directory of a server on this machine: says where it is, and has its token")
      .from_environment("SLUICE_DATA")
      .under("Server");
}

}  // namespace app::cli
