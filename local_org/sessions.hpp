// Who may call the org: its one app, its users, and the tokens that stand for both.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "local_org/app_policies.hpp"
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
  std::string scope{};          // "" for all that the app has
  base::TimePoint opened_at{};
};

// A live refresh token.
struct Grant {
  std::string token{};
  std::string user_id{};
  std::string family{};  // the token that it goes back to, over its rotations
  std::string scope{};
  base::TimePoint approved_at{};
  base::TimePoint used_at{};
};

class Sessions {
 public:
  // Takes over what the store remembers; what it does not is invented. Fields of `wanted` that are not empty win and
  // are remembered. Throws std::invalid_argument when the store belongs to another org.
  Sessions(RecordStore& store, base::Random& random, const base::Clock& clock, const Credentials& wanted);

  const Credentials& credentials() const { return credentials_; }
  void set_url(std::string url) { credentials_.url = std::move(url); }

  bool is_secret(std::string_view secret) const;
  AppPolicies& policies() { return policies_; }
  const AppPolicies& policies() const { return policies_; }

  // Returns the new access token.
  std::string open(Session session);
  // Nothing for one that has run out, too.
  const Session* find(std::string_view access_token) const;

  // A user's approval of the app. At most five live; the sixth ends the oldest.
  std::string approve(const std::string& user_id, const std::string& scope = "");
  // What a refresh token stands for, for its use; nothing when it is dead. One that was spent by a rotation ends all
  // that came from it, where the policy says so.
  std::optional<Grant> use(std::string_view refresh_token);
  // Spends a live token; the one that takes its place.
  std::string rotate(const std::string& refresh_token);
  const Grant* grant_of(std::string_view refresh_token) const;

  // Ends that access token, or that refresh token with its sessions. False when there is none such.
  bool revoke(std::string_view token);
  // All of a user's.
  void revoke_user(const std::string& user_id);
  void end_all_sessions() { sessions_.clear(); }
  void revoke_all_refresh_tokens();
  // While broken, the client secret that was given out is wrong.
  void break_client_secret(bool broken) { secret_broken_ = broken; }

 private:
  std::string remembered(std::string_view name, const std::string& wanted, const std::string& invented);
  std::string random_text(std::size_t length);
  std::string new_access_token();
  bool has_run_out(const Grant& grant) const;
  void end_family(const std::string& family);
  void add_grant(Grant grant);
  void save_grants();
  void load_grants();

  RecordStore& store_;
  base::Random& random_;
  const base::Clock& clock_;
  AppPolicies policies_;
  Credentials credentials_;
  bool secret_broken_ = false;
  std::map<std::string, Session, std::less<>> sessions_;
  std::vector<Grant> grants_;                              // oldest approval first
  std::map<std::string, std::string, std::less<>> spent_;  // token -> family; as long as the org runs
};

}  // namespace local_org
