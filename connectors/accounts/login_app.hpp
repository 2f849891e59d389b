// A login app: the Salesforce app through which people of a brand log in at one host; and how to make one there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/accounts/linked_account.hpp"

namespace connectors {

struct LoginApp {
  std::string id;         // app_…
  std::string login_url;  // https://login.salesforce.com, …; one app per brand and address
  Environment environment = Environment::production;
  std::string client_id;
  bool has_secret = false;  // the secret itself is with the store; an app with PKCE alone has none
};

// Where Salesforce sends people back to, of this server.
std::string callback_of(std::string_view public_url);

// What to click in Salesforce's Setup, one step per line.
std::vector<std::string> login_app_steps(const LoginApp& app, const std::string& callback);

struct SetupFile {
  std::string path;
  std::string text;
};

// The metadata of an External Client App with the policies that linking asks for: refresh tokens valid until revoked,
// all users may self-authorise, PKCE. Ready for `sf project deploy start`.
std::vector<SetupFile> external_client_app_files(const LoginApp& app, const std::string& callback);

}  // namespace connectors
