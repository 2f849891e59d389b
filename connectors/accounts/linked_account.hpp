// A linked Salesforce instance: where it is, how it logs in, who may use it, and whether it still can.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace connectors {

enum class Origin { workflows, extensions };  // personal, or shared by a brand admin
enum class Environment { production, sandbox };
// A login in a browser leaves a refresh token behind; the other two log in again whenever they need to.
enum class LoginKind { client_credentials, refresh_token, jwt_bearer };
// `refreshing` is `ok` with a token request under way.
enum class AccountState { ok, refreshing, expired, blocked_by_org, removed };
// Whether the org spends a refresh token at its first use; learnt from what its answers bring.
enum class Rotation { unknown, on, off };

// How it logs in. Server-to-server needs client id, client secret and token endpoint, all three; JWT bearer needs
// client id, user name, private key and token endpoint.
struct Login {
  LoginKind kind = LoginKind::client_credentials;
  std::string token_url{};
  std::string client_id{};
  base::Secret client_secret{};
  base::Secret refresh_token{};
  std::string username{};       // JWT bearer: who logs in
  base::Secret private_key{};   // JWT bearer: PEM
  std::string audience{};       // JWT bearer; empty: Salesforce's login host of the environment
  std::string instance_url{};   // known after the first login
  base::Secret access_token{};  // of the newest login; empty before it
  std::string file_login{};     // a hash of the account file's login data; "" where it came from no file
};

Login without_secrets(Login login);

// Who a login has turned out to be.
struct OrgIdentity {
  std::string org_id{};
  std::string user_id{};
  std::string username{};
};

// With whom it is shared: a user's or group's id, or the whole brand ("brand").
struct Share {
  std::string with;
  bool revoked = false;  // kept, so that "was shared" can be told from "never was"
};

struct LinkedAccount {
  std::string id;  // acc_…
  std::string name;
  Origin origin = Origin::extensions;
  Environment environment = Environment::production;
  std::string owner;  // user id
  Login login{};      // without its secrets, but where a function says so
  std::vector<Share> shares{};
  AccountState state = AccountState::ok;
  std::string state_reason{};  // e.g. Salesforce's own words when it expired
  std::string org_id{};
  std::string salesforce_user{};      // user id
  std::string salesforce_username{};  // as people know the user, where a login has told it
  std::optional<base::TimePoint> last_success{};
  std::optional<base::TimePoint> linked_at{};
  int slot = 0;                 // 1 to 5 for a personal account, 0 otherwise
  std::int64_t generation = 0;  // raised by every login that worked and every new login data
  Rotation rotation = Rotation::unknown;
  std::string app{};  // the login app it was linked through
};

// What `identity` leaves empty stays as it was.
void fill_identity(LinkedAccount& account, const OrgIdentity& identity);

std::string_view to_string(Origin origin);
std::string_view to_string(Environment environment);
std::string_view to_string(LoginKind kind);
std::string_view to_string(AccountState state);
std::string_view to_string(Rotation rotation);

// The other way; what is none of the words gives the first, as a new program's words would to an old one.
Origin origin_from(std::string_view word);
Environment environment_from(std::string_view word);
LoginKind login_kind_from(std::string_view word);
AccountState account_state_from(std::string_view word);
Rotation rotation_from(std::string_view word);

}  // namespace connectors
