// Logging in at Salesforce in a browser, from a terminal: to link an account, to refresh one, or to prove access.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/cli/server_verb.hpp"

namespace app::cli {

struct LoginArguments : ServerVerb {
  bool no_browser = false;
  int wait_minutes = 10;
};

void take_login(Verb& verb, LoginArguments& arguments);

// Begins a login of this purpose, sends the browser there, waits for it to come back, and has the server complete it.
// `wish` is the body of POST /logins without its redirect_uri. Gives the server's answer; throws Refusal when
// Salesforce or the server refuses, or nobody comes back in time.
base::JsonText log_in(ServerClient& server, const LoginArguments& arguments, nlohmann::ordered_json wish);

}  // namespace app::cli
