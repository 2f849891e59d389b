#include "app/local_account.hpp"

#include "base/json_writer.hpp"

namespace app {

base::JsonText local_account(const local_org::Credentials& credentials, local_org::Environment environment) {
  base::JsonWriter json;
  json.begin_object();
  json.field("environment", environment == local_org::Environment::sandbox ? "sandbox" : "production");
  json.field("login", "client_credentials");
  json.field("token_url", credentials.url + "/services/oauth2/token");
  json.field("client_id", credentials.client_id);
  json.field("client_secret", credentials.client_secret);
  json.field("org_id", credentials.org_id);
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace app
