// Which server a verb asks, and who is asking.
#pragma once

#include <string>

#include "app/cli/verb.hpp"

namespace app::cli {

struct ServerArguments {
  std::string server{};  // URL; empty: the data directory says
  std::string token{};   // empty: the file that SLUICE_TOKEN_FILE names, or the data directory's
  std::string data = ".sluice";
  bool as_operator = false;  // the operator's token is meant, not a user's
};

inline void take_server(Verb& verb, ServerArguments& at) {
  verb.option("--server", at.server, "URL of a running server").from_environment("SLUICE_SERVER").under("Server");
  verb.option("--token", at.token, at.as_operator ? "the operator's token" : "API token")
      .from_environment(at.as_operator ? "SLUICE_OPERATOR_TOKEN" : "SLUICE_TOKEN")
      .under("Server");
  verb.option("--data", at.data, "data directory of a server here: has its address and token")
      .from_environment("SLUICE_DATA")
      .under("Server");
}

}  // namespace app::cli
