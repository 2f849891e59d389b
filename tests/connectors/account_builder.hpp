// Linked accounts for tests, where only what a test is about needs to be said.
#pragma once

#include "connectors/accounts/linked_account.hpp"

namespace support {

inline connectors::LinkedAccount a_server_account(std::string id = "acc_crm") {
  connectors::LinkedAccount account;
  account.id = std::move(id);
  account.name = "CRM";
  account.environment = connectors::Environment::sandbox;
  account.owner = "usr_admin";
  account.login.token_url = "https://acme.my.salesforce.com/services/oauth2/token";
  account.login.client_id = "the client";
  account.login.client_secret = base::Secret("the secret");
  return account;
}

inline connectors::LinkedAccount a_personal_account(std::string id = "acc_ana") {
  connectors::LinkedAccount account = a_server_account(std::move(id));
  account.origin = connectors::Origin::workflows;
  account.login.kind = connectors::LoginKind::refresh_token;
  account.login.refresh_token = base::Secret("old refresh");
  account.login.instance_url = "https://acme.my.salesforce.com";
  return account;
}

}  // namespace support
