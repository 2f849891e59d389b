// Who may call the org: its one app, its users, and the tokens that stand for both.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/time.hpp"
#include "local_org/approvals.hpp"
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
  std::string scope;            // words with blanks between
  std::string approval{};       // id; when it ends, the session does
  std::int64_t generation = 0;  // of the refresh token that it was got with; 0: with none
  std::string source_ip{};      // from where it was got
  std::string host{};           // where it was first used
  base::TimePoint opened_at{};
  base::TimePoint expires_at = base::TimePoint::max();

  bool has_scope(std::string_view wanted) const;
};

class Sessions {
 public:
  // Takes over what the store remembers; what it does not is invented. Fields of `wanted` that are not empty win and
  // are remembered. Throws std::invalid_argument when the store belongs to another org.
  Sessions(RecordStore& store, const base::Clock& clock, base::Random& random, const Credentials& wanted);

  const Credentials& credentials() const { return credentials_; }
  void set_url(std::string url) { credentials_.url = std::move(url); }

  bool is_secret(std::string_view secret) const;
  // Returns the new access token.
  std::string open(Session session);
  // Null for a token that is unknown, ended or over its time.
  Session* find(std::string_view access_token);
  const std::map<std::string, Session, std::less<>>& all() const { return sessions_; }

  const Approvals& approvals() const { return approvals_; }
  // A new approval of the app by a user, with its first refresh token. At most five of a user and app live; the sixth
  // ends the oldest.
  const Approval& approve(const std::string& user_id, const std::string& scope);
  // Counts a refresh. Returns the new refresh token, or "" when it does not rotate.
  std::string use(const Approval& approval, bool rotates);
  void end_approval(const std::string& id);
  void end_approvals_of(std::string_view user_id);
  void end_all_approvals();

  // Ends that access token, or that refresh token's approval. False when there is none such.
  bool revoke(std::string_view token);
  void end_all_sessions() { sessions_.clear(); }
  void end_sessions_of(std::string_view user_id);
  // While broken, the client secret that was given out is wrong.
  void break_client_secret(bool broken) { secret_broken_ = broken; }

  // Of characters that tokens have.
  std::string random_text(std::size_t length);

 private:
  std::string remembered(std::string_view name, const std::string& wanted, const std::string& invented);
  std::string new_access_token();
  void add_approval(const std::string& user_id, const std::string& scope, std::string refresh_token);

  RecordStore& store_;
  const base::Clock& clock_;
  base::Random& random_;
  Credentials credentials_;
  bool secret_broken_ = false;
  Approvals approvals_;
  std::map<std::string, Session, std::less<>> sessions_;
};

}  // namespace local_org
