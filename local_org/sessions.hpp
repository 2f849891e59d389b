// Who may call the org: its one app, its users, and the tokens that stand for both.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "local_org/record_store.hpp"

namespace local_org {

// What a client needs to work with the org. Plain texts: they are printed on purpose, and protect nothing but test
// data.
struct Credentials {
  std::string url{};  // where it listens; "" until it does
  std::string org_id{};
  std::string user_id{};
  std::string client_id{};
  std::string client_secret{};
  std::string username{};
  std::string password{};
  std::string access_token{};   // works from the start
  std::string refresh_token{};  // the same; with rotation, until it has been used
};

// One access token: whom it stands for and how it was got.
struct Session {
  std::string user_id;
  std::string username;
  std::string client_id;
  std::string grant;            // e.g. "client_credentials", "refresh_token", "initial"
  std::string refresh_token{};  // revoking that ends the session
};

class Sessions {
 public:
  // Takes over what the store remembers; what it does not is invented. Fields of `wanted` that are not empty win and
  // are remembered. Throws std::invalid_argument when the store belongs to another org.
  Sessions(RecordStore& store, base::Random& random, const Credentials& wanted);

  const Credentials& credentials() const { return credentials_; }
  void set_url(std::string url) { credentials_.url = std::move(url); }

  bool is_secret(std::string_view secret) const;
  // Returns the new access token.
  std::string open(Session session);
  const Session* find(std::string_view access_token) const;

  // At most five of a user live; the sixth ends the oldest.
  std::string new_refresh_token(const std::string& user_id);
  // The user it stands for; nothing when it is dead.
  std::optional<std::string> user_of(std::string_view refresh_token) const;

  // Ends that access token, or that refresh token with its sessions. False when there is none such.
  bool revoke(std::string_view token);
  void end_all_sessions() { sessions_.clear(); }
  void revoke_all_refresh_tokens();
  // While broken, the client secret that was given out is wrong.
  void break_client_secret(bool broken) { secret_broken_ = broken; }

 private:
  struct RefreshToken {
    std::string token;
    std::string user_id;
  };

  std::string remembered(std::string_view name, const std::string& wanted, const std::string& invented);
  std::string random_text(std::size_t length);
  std::string new_access_token();
  void add_refresh_token(std::string token, std::string user_id);
  void save_refresh_tokens();
  void load_refresh_tokens();

  RecordStore& store_;
  base::Random& random_;
  Credentials credentials_;
  bool secret_broken_ = false;
  std::map<std::string, Session, std::less<>> sessions_;
  std::vector<RefreshToken> refresh_tokens_;  // oldest first
};

}  // namespace local_org
